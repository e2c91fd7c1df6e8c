"""The questions of the finder (手続ナビの質問): one vocabulary that all procedures share, so that nothing is asked twice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..definition.text import Text

UNKNOWN = "unknown"
"""「わからない」: an answer every question takes; it never decides anything."""


class QuestionKind(StrEnum):
    """What a question takes: one option, several, yes or no, a whole number, a date."""

    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Choice:
    """An option; ``share`` is the part of people who answer so, as far as one can say beforehand (0 to 1)."""

    code: str
    label: Text
    share: float


@dataclass(frozen=True, slots=True)
class FinderQuestion:
    """
    A question.

    ``choices`` of a choice exclude each other; those of ``choices`` do not, and none of them may hold. ``ease`` says how
    readily people know the answer: 1 at once, 2 after a look at their papers, 3 only the office. ``low`` and ``high`` bound
    numbers. ``dates`` are only asked to compute deadlines, never to judge.
    """

    code: str
    kind: QuestionKind
    text: Text
    hint: Text = Text()
    choices: tuple[Choice, ...] = ()
    ease: int = 1
    low: int = 0
    high: int = 120
    unit: Text = Text()


def _text(ja: str, easy: str, en: str) -> Text:
    return Text(ja=ja, easy=easy, en=en)


def _choice(code: str, share: float, ja: str, easy: str, en: str) -> Choice:
    return Choice(code, _text(ja, easy, en), share)


def _yes_no(code: str, share: float, text: Text, hint: Text = Text(), ease: int = 1) -> FinderQuestion:  # noqa: B008 - frozen
    choices = (_choice("yes", share, "はい", "はい", "Yes"), _choice("no", 1 - share, "いいえ", "いいえ", "No"))
    return FinderQuestion(code, QuestionKind.YES_NO, text, hint, choices, ease)


_QUESTIONS = (
    FinderQuestion(
        "household", QuestionKind.CHOICES,
        _text("いっしょに住む家族に、次の人はいますか（ご自分も含めて）", "いっしょに すむ かぞくに いる ひとを えらんで ください（じぶんも）",
              "Who is in your household, including yourself?"),
        _text("当てはまるものをすべて選んでください。いなければ、何も選ばずに進んでください。",
              "ぜんぶ えらんで ください。いないときは えらばないで すすんで ください。",
              "Choose all that apply. If none applies, choose nothing and go on."),
        (
            _choice("pregnant", 0.04, "妊娠している人", "あかちゃんが おなかに いる ひと", "Someone who is pregnant"),
            _choice("infant", 0.05, "1歳になっていない子ども", "0さいの こども", "A child under 1"),
            _choice("toddler", 0.10, "1歳から小学校入学前の子ども", "1さいから しょうがっこうに はいるまえの こども", "A child from 1 to before school"),
            _choice("elementary", 0.10, "小学生", "しょうがくせい", "A child in elementary school"),
            _choice("junior_high", 0.07, "中学生", "ちゅうがくせい", "A child in junior high school"),
            _choice("high_school", 0.08, "高校生くらいの年齢の子ども（18歳になった後の3月まで）", "18さいまでの こども（こうこうせい くらい）",
                    "A child of high-school age (to the March after turning 18)"),
            _choice("senior", 0.30, "65歳以上の人", "65さい いじょうの ひと", "Someone aged 65 or over"),
            _choice("care", 0.10, "介護が必要な人", "かいごが ひつような ひと", "Someone who needs care"),
            _choice("disability", 0.08, "障害のある人", "しょうがいの ある ひと", "Someone with a disability"),
        ),
    ),
    FinderQuestion(
        "moved_from", QuestionKind.CHOICE,
        _text("どこから引っ越してきましたか", "どこから ひっこして きましたか", "Where did you move from?"), Text(),
        (
            _choice("domestic", 0.9, "国内のほかの市区町村", "にほんの ほかの まち", "Another municipality in Japan"),
            _choice("abroad", 0.1, "国外", "がいこく", "Abroad"),
        ),
    ),
    FinderQuestion(
        "moving_to", QuestionKind.CHOICE,
        _text("どこへ引っ越しますか", "どこへ ひっこしますか", "Where are you moving to?"), Text(),
        (
            _choice("domestic", 0.95, "国内のほかの市区町村", "にほんの ほかの まち", "Another municipality in Japan"),
            _choice("abroad", 0.05, "国外", "がいこく", "Abroad"),
        ),
    ),
    FinderQuestion(
        "insurance", QuestionKind.CHOICE,
        _text("ご自分の健康保険は、これからどれになりますか", "あなたの けんこうほけんは どれに なりますか", "Which health insurance will you have from now on?"),
        _text("勤め先が変わらなければ、会社などの健康保険のままです。", "おなじ かいしゃで はたらくときは かいしゃの ほけんです。",
              "If your employer stays the same, so does your insurance."),
        (
            _choice("employer", 0.6, "会社などの健康保険（家族として入る場合も）", "かいしゃの ほけん（かぞくの ひとも）", "Through an employer (also as a family member)"),
            _choice("none", 0.28, "会社などの健康保険には入らない", "かいしゃの ほけんに はいらない", "Not through an employer"),
            _choice("late_elderly", 0.12, "75歳以上なので、後期高齢者医療制度", "75さい いじょうの ほけん", "75 or over: the system for the late elderly"),
        ),
        ease=2,
    ),
    _yes_no("daycare", 0.5, _text("小さな子どもを、昼間に預けたいですか", "ちいさな こどもを ひるま あずけたいですか", "Do you want daytime care for a young child?"),
            _text("保育所、認定こども園、一時預かりなどです。", "ほいくえん などです。", "Nursery, certified kodomo-en, temporary care.")),
    _yes_no("working_parents", 0.7, _text("子どもの保護者は全員、働いている、病気であるなど、昼間に世話ができない事情がありますか",
                                         "おとうさんも おかあさんも はたらいている など、ひるま せわが できませんか",
                                         "Are all guardians unable to look after the child in the daytime, for work, illness or similar?")),
    _yes_no("low_income", 0.2, _text("世帯の収入が少なく、支払いに困ることがありますか", "おかねが すくなくて こまって いますか", "Is your household's income low?"),
            _text("市民税が非課税、児童扶養手当を受けているなどです。", "ぜいきんが 0えん などです。", "Exempt from municipal tax, receiving child rearing allowance, or similar."), ease=2),
    _yes_no("dog", 0.12, _text("犬を飼っていますか", "いぬを かって いますか", "Do you keep a dog?")),
    _yes_no("moped", 0.12, _text("125cc以下のバイクか、小型特殊自動車を持っていますか", "ちいさな バイク（125ccまで）を もって いますか", "Do you own a motorcycle of up to 125 cc or a small special vehicle?")),
    _yes_no("car", 0.6, _text("自動車か、125ccを超えるバイクを持っていますか", "くるまを もって いますか", "Do you own a car or a motorcycle over 125 cc?")),
    _yes_no("bulky_waste", 0.4, _text("大きなごみ（家具、ふとんなど）を捨てますか", "おおきな ごみを すてますか", "Do you have bulky waste to throw away?")),
    _yes_no("water", 0.8, _text("水道の契約を、ご自分でしますか", "すいどうの けいやくを じぶんで しますか", "Do you sign up for water yourself?"),
            _text("家賃といっしょに払う建物では、要らないことがあります。", "やちんと いっしょに はらうときは いりません。", "Not needed where water is part of the rent.")),
    _yes_no("seal", 0.35, _text("実印（印鑑登録）が要りますか", "はんこの とうろくが いりますか", "Do you need a registered seal?"),
            _text("家や車を買うとき、相続のときなどに使います。", "いえや くるまを かうときに つかいます。", "Used when buying a home or car, or for inheritance.")),
    _yes_no("foreign", 0.04, _text("外国籍の人がいますか", "がいこくの ひとが いますか", "Is anyone in the household not a Japanese national?")),
    _yes_no("my_number_card", 0.75, _text("マイナンバーカードを持っていますか", "マイナンバーカードを もって いますか", "Do you have a My Number Card?")),
    _yes_no("head_changes", 0.3, _text("世帯主が変わりますか", "せたいぬし（いえの だいひょう）が かわりますか", "Does the head of household change?")),
    _yes_no("unable_to_vote_here", 0.3, _text("投票日に市内の投票所へ行けませんか（出張、入院、市外に滞在など）", "とうひょうの ひに まちに いませんか", "Will you be away or in hospital on polling day?")),
    _yes_no("certified_care", 0.5, _text("要介護か要支援の認定を受けていますか", "かいごの にんていを うけて いますか", "Is the person already certified as needing care?"), ease=2),
    _yes_no("care_facility", 0.3, _text("介護施設に入る、またはショートステイを使いますか", "かいごの しせつに はいりますか", "Will a care facility or short stay be used?")),
    _yes_no("aged_75", 0.5, _text("75歳以上の人がいますか", "75さい いじょうの ひとが いますか", "Is anyone 75 or over?")),
    _yes_no("disability_book", 0.6, _text("障害者手帳を持っていますか", "しょうがいしゃ てちょうを もって いますか", "Does the person hold a disability certificate book?")),
    FinderQuestion(
        "deceased", QuestionKind.CHOICES,
        _text("亡くなった方に、当てはまるものはありますか", "なくなった ひとに あてはまる ものを えらんで ください", "What applies to the person who died?"),
        _text("当てはまるものをすべて選んでください。なければ、何も選ばずに進んでください。", "ぜんぶ えらんで ください。", "Choose all that apply. If none applies, choose nothing and go on."),
        (
            _choice("head", 0.5, "世帯主だった（残る家族が2人以上いる）", "いえの だいひょうだった", "Was head of a household in which two or more people remain"),
            _choice("national_insurance", 0.3, "国民健康保険に入っていた", "こくみん けんこう ほけん", "Had National Health Insurance"),
            _choice("late_elderly", 0.6, "75歳以上だった（後期高齢者医療）", "75さい いじょうだった", "Was 75 or over"),
            _choice("care", 0.4, "介護保険の認定を受けていた", "かいごの にんていを うけて いた", "Was certified for long-term care"),
            _choice("disability", 0.15, "障害者手帳を持っていた", "しょうがいしゃ てちょうを もって いた", "Held a disability certificate book"),
            _choice("pension", 0.7, "年金を受けていた", "ねんきんを もらって いた", "Received a pension"),
            _choice("property", 0.5, "土地か建物を持っていた", "とちか いえを もって いた", "Owned land or a building"),
            _choice("moped", 0.1, "125cc以下のバイクを持っていた", "ちいさな バイクを もって いた", "Owned a motorcycle of up to 125 cc"),
            _choice("dog", 0.1, "犬を飼っていた", "いぬを かって いた", "Kept a dog"),
            _choice("seal", 0.5, "印鑑登録をしていた", "はんこの とうろくを して いた", "Had a registered seal"),
        ),
    ),
    FinderQuestion(
        "certificate", QuestionKind.CHOICE,
        _text("何を証明する書類ですか", "なにの しょうめいしょですか", "What should the certificate prove?"), Text(),
        (
            _choice("residence", 0.5, "住所や家族（住民票）", "じゅうしょ・かぞく", "Address and household"),
            _choice("seal", 0.2, "実印であること（印鑑登録証明）", "はんこ", "A registered seal"),
            _choice("tax", 0.2, "所得や税額（課税証明）", "しゅうにゅう・ぜいきん", "Income and tax"),
            _choice("family", 0.1, "戸籍や住所の移り変わり", "こせき", "Family register and former addresses"),
        ),
    ),
    _yes_no("farmland", 0.05, _text("農地（田や畑）に関わることですか", "たや はたけの ことですか", "Is it about farmland?")),
    _yes_no("owns_property", 0.4, _text("市内に土地か建物を持っていますか", "まちに とちか いえを もって いますか", "Do you own land or a building in the city?")),
    _yes_no("road_use", 0.1, _text("道路に物を置く、工事をする、看板を出すなどしますか", "どうろを つかいますか", "Will you use a road, for works, signs or similar?")),
    _yes_no("food", 0.3, _text("食べ物を出す、または売りますか", "たべものを だしますか・うりますか", "Will you serve or sell food?")),
    _yes_no("fire_use", 0.2, _text("火を使いますか", "ひを つかいますか", "Will there be an open fire?")),
    _yes_no("group", 0.5, _text("団体で使いますか", "グループで つかいますか", "Is it for a group?")),
    FinderQuestion(
        "age", QuestionKind.NUMBER, _text("何歳ですか", "なんさいですか", "How old is the person?"),
        _text("手続をする本人の年齢です。", "ほんにんの としです。", "The age of the person concerned."), low=0, high=110,
        unit=_text("歳", "さい", "years"),
    ),
    FinderQuestion(
        "event_on", QuestionKind.DATE,
        _text("それはいつですか（引っ越した日、生まれた日、亡くなった日など）", "いつですか", "When did it happen (moving, birth, death)?"),
        _text("期限の日付を出すために伺います。", "いつまでに するか わかります。", "We use it to work out your deadlines."),
    ),
)  # fmt: skip
QUESTIONS: dict[str, FinderQuestion] = {question.code: question for question in _QUESTIONS}
ORDER: dict[str, int] = {code: number for number, code in enumerate(QUESTIONS)}
