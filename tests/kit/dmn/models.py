"""Models for the tests."""

from madoguchi.kit.dmn import DecisionModel, DecisionTable, HitPolicy, model_of_table, table_from_rows
from madoguchi.kit.dmn.model import OutputClause

HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="試験" id="m" namespace="urn:test"{more}>'
)


def document(body: str, more: str = "") -> bytes:
    """A DMN 1.5 document with that content."""
    return (HEAD.format(more=more) + body + "</definitions>").encode()


FEES = """
<itemDefinition name="t区分"><typeRef>string</typeRef><allowedValues><text>"市内", "市外"</text></allowedValues></itemDefinition>
<itemDefinition name="t申請者"><itemComponent name="年齢"><typeRef>number</typeRef></itemComponent>
  <itemComponent name="住所 区分"><typeRef>t区分</typeRef></itemComponent></itemDefinition>
<itemDefinition name="t申請者一覧" isCollection="true"><typeRef>t申請者</typeRef></itemDefinition>
<inputData id="i1" name="申請者"><variable name="申請者" typeRef="t申請者"/></inputData>
<inputData id="i2" name="家族 全員"><variable name="家族 全員" typeRef="t申請者一覧"/></inputData>
<knowledgeSource id="k1" name="手数料条例" locationURI="https://example.jp/reiki/1"><type>条例</type></knowledgeSource>
<businessKnowledgeModel id="b1" name="割引 後"><variable name="割引 後"/>
  <encapsulatedLogic><formalParameter name="額" typeRef="number"/><formalParameter name="率" typeRef="number"/>
    <literalExpression typeRef="number"><text>decimal(額 * (1 - 率), 0)</text></literalExpression></encapsulatedLogic>
</businessKnowledgeModel>
<decision id="d1" name="基本額"><variable name="基本額" typeRef="number"/>
  <informationRequirement><requiredInput href="#i1"/></informationRequirement>
  <authorityRequirement><requiredAuthority href="#k1"/></authorityRequirement>
  <decisionTable hitPolicy="FIRST" outputLabel="基本額">
    <input label="年齢"><inputExpression typeRef="number"><text>申請者.年齢</text></inputExpression></input>
    <input label="住所"><inputExpression><text>申請者.住所 区分</text></inputExpression>
      <inputValues><text>"市内","市外"</text></inputValues></input>
    <output><defaultOutputEntry><text>999</text></defaultOutputEntry></output><annotation name="根拠"/>
    <rule id="r1"><inputEntry><text>&lt; 18</text></inputEntry><inputEntry><text>-</text></inputEntry>
      <outputEntry><text>0</text></outputEntry><annotationEntry><text>第3条</text></annotationEntry></rule>
    <rule id="r2"><inputEntry><text>[18..65)</text></inputEntry><inputEntry><text>"市外"</text></inputEntry>
      <outputEntry><text>300 * 2</text></outputEntry><annotationEntry><text>第4条</text></annotationEntry></rule>
  </decisionTable></decision>
<decision id="d2" name="請求額"><variable name="請求額" typeRef="number"/>
  <informationRequirement><requiredDecision href="#d1"/></informationRequirement>
  <knowledgeRequirement><requiredKnowledge href="#b1"/></knowledgeRequirement>
  <invocation><literalExpression><text>割引 後</text></literalExpression>
    <binding><parameter name="額"/><literalExpression><text>基本額</text></literalExpression></binding>
    <binding><parameter name="率"/><literalExpression><text>0.25</text></literalExpression></binding></invocation></decision>
<decision id="d3" name="世帯"><variable name="世帯"/>
  <informationRequirement><requiredInput href="#i2"/></informationRequirement>
  <context>
    <contextEntry><variable name="成人"/><filter><in><literalExpression><text>家族 全員</text></literalExpression></in>
      <match><literalExpression><text>item.年齢 &gt;= 18</text></literalExpression></match></filter></contextEntry>
    <contextEntry><variable name="年齢 一覧"/><for iteratorVariable="人">
      <in><literalExpression><text>家族 全員</text></literalExpression></in>
      <return><literalExpression><text>人.年齢</text></literalExpression></return></for></contextEntry>
    <contextEntry><variable name="全員成人"/><every iteratorVariable="人">
      <in><literalExpression><text>家族 全員</text></literalExpression></in>
      <satisfies><literalExpression><text>人.年齢 &gt;= 18</text></literalExpression></satisfies></every></contextEntry>
    <contextEntry><variable name="区分"/><conditional><if><literalExpression><text>全員成人</text></literalExpression></if>
      <then><literalExpression><text>"成人のみ"</text></literalExpression></then>
      <else><literalExpression><text>"子あり"</text></literalExpression></else></conditional></contextEntry>
    <contextEntry><variable name="料率"/><relation><column name="年"/><column name="率"/>
      <row><literalExpression><text>2025</text></literalExpression><literalExpression><text>0.1</text></literalExpression></row>
      <row><literalExpression><text>2026</text></literalExpression><literalExpression><text>0.2</text></literalExpression></row>
    </relation></contextEntry>
    <contextEntry><variable name="倍"/><functionDefinition><formalParameter name="x"/>
      <literalExpression><text>x * 2</text></literalExpression></functionDefinition></contextEntry>
    <contextEntry><variable name="一覧"/><list><literalExpression><text>倍(21)</text></literalExpression>
      <literalExpression><text>料率[年 = 2026].率[1]</text></literalExpression></list></contextEntry>
    <contextEntry><literalExpression>
      <text>{大人: count(成人), 最年長: max(年齢 一覧), 区分: 区分, 一覧: 一覧}</text></literalExpression></contextEntry>
  </context></decision>
<decisionService id="s1" name="請求サービス"><variable name="請求サービス"/>
  <outputDecision href="#d2"/><encapsulatedDecision href="#d1"/><inputData href="#i1"/></decisionService>
"""


def policy_table(policy: str, rows: list[list[str]], values: str = "") -> DecisionTable:
    """A table over one number ``n`` with one output."""
    return table_from_rows(
        inputs=["n"],
        outputs=[OutputClause(name="結果", values=values)],
        rows=rows,
        hit_policy=policy,
        annotations=["備考"],
    )


def policy_model(policy: str, rows: list[list[str]], values: str = "") -> DecisionModel:
    """The evaluator of :func:`policy_table`; its decision is ``結果``."""
    return model_of_table(name="結果", table=policy_table(policy, rows, values))


__all__ = ["FEES", "HitPolicy", "document", "policy_model", "policy_table"]
