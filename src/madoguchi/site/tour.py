"""What a newcomer to the demonstration can try, shell by shell."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try: what, where, and as whom (empty for everybody)."""

    title: str
    text: str
    url: str
    sign_in: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """A shell and the steps in it."""

    title: str
    text: str
    steps: tuple[Step, ...]


def stops() -> list[Stop]:
    """Return the stops of the tour in the language of the page."""
    return [
        _applicant(),
        _desk(),
        _designer(),
        _offices(),
        _publisher(),
        _resident(),
        _chief(),
        _secretariat(),
        _council(),
        _administrator(),
    ]


def _applicant() -> Stop:
    steps = (
        Step(
            _("必要な手続を見つける"),
            _("引っ越しなどの出来事を選び、質問に答えると、必要な手続と持ち物の一覧ができます。"),
            "/procedures/find/?event=moving-in",
        ),
        Step(
            _("証明書を申請する"),
            _("本人確認とお支払いは、模擬のサービスで試せます。お金は動きません。"),
            "/procedures/residence-certificate/",
            "shimin",
        ),
        Step(_("申請のようすを見る"), _("補正、お支払い、文書の受け取りが、1つの画面に並びます。"), "/mine/", "shimin"),
        Step(
            _("文書が本物か確かめる"),
            _("番号、QRコード、PDFファイルのどれでも確かめられます。"),
            "/verify/",
        ),
        Step(
            _("だれが自分の情報を見たか知る"),
            _("市が知っていること、その出所、見た人と日時を確かめられます。"),
            "/me/information/",
            "shimin",
        ),
    )
    return Stop(_("申請する人として"), _("スマートフォンの幅でもお試しください。"), steps)


def _desk() -> Stop:
    steps = (
        Step(_("案件を処理する"), _("申請の内容を確かめ、受理するか、補正をお願いします。"), "/work/", "shinsa"),
        Step(
            _("二人目の目で承認する"),
            _("審査した人とは別の人が承認します。"),
            "/work/",
            "shonin",
        ),
        Step(
            _("業務フローを描く"),
            _("BPMN 2.0 の図を画面で描き、試してから使います。"),
            "/work/workflows/",
            "shonin",
        ),
    )
    return Stop(_("審査の担当として"), _("申請は案件になり、期限の近い順に並びます。"), steps)


def _designer() -> Stop:
    steps = (
        Step(
            _("手続をつくる"),
            _("項目、条件、手数料の表を並べると、右に実際の画面が出ます。検査に通ると公開できます。"),
            "/builder/",
            "sekkei",
        ),
        Step(
            _("アンケートと意見公募"),
            _("質問をつくり、標本を抽出し、紙の回答も入力して、集計表とグラフにします。"),
            "/office/surveys/",
            "sekkei",
        ),
    )
    return Stop(_("手続の設計者として"), _("プログラムを書かずに、手続をつくって公開します。"), steps)


def _offices() -> Stop:
    steps = (
        Step(_("収納を確かめる"), _("手数料の納付、返金、照合を、複式簿記で扱います。"), "/ledger/", "shuno"),
        Step(
            _("住民記録とつなぐ"),
            _("基幹システムのファイルと見比べ、違いを確かめてから取り込みます。"),
            "/organisation/registry/",
            "jumin",
        ),
    )
    return Stop(_("収納と住民記録の担当として"), _("お金と本人の照合を受け持ちます。"), steps)


def _resident() -> Stop:
    steps = (
        Step(
            _("計画を読む"),
            _("目標から施策、事業、指標へと降りていけます。どの数値にも計画書の行番号があります。"),
            "/plan/",
        ),
        Step(_("ほかの市と比べる"), _("同じ種類の指標を、市ごと・年度ごとに並べて見られます。"), "/plan/compare/"),
        Step(_("データを使う"), _("同じ内容を、JSONとCSVで取り出せます。"), "/api/"),
        Step(_("やさしい日本語で読む"), _("画面の上で、ことばを変えられます。"), "/plan/?lang=ja-easy"),
    )
    return Stop(_("計画を読む人として"), _("サインインは要りません。"), steps)


def _chief() -> Stop:
    steps = (
        Step(_("実績を入力する"), _("担当する指標を選び、実績と根拠資料を登録します。"), "/steering/actuals/", "kacho"),
        Step(
            _("自己評価を出す"),
            _("事業の進み具合を○△×で評価し、理由を書いて提出します。"),
            "/steering/reviews/",
            "kacho",
        ),
        Step(
            _("パスキーを登録する"),
            _("次からは、指紋や顔、端末の暗証番号でサインインできます。"),
            "/accounts/2fa/",
            "kacho",
        ),
    )
    return Stop(_("所属長として"), _("担当する事業の実績と評価を受け持ちます。"), steps)


def _secretariat() -> Stop:
    steps = (
        Step(
            _("計画書を読み取る"),
            _("原文と読み取った値を並べて確かめ、直してから公開します。"),
            "/steering/drafts/",
            "jimukyoku",
        ),
        Step(
            _("今月、手を打つこと"),
            _("実績の未入力、目標の遅れ、期限の近い改善指示がまとまっています。"),
            "/steering/",
            "jimukyoku",
        ),
        Step(
            _("評価を進める"),
            _("評価を始め、所管課の自己評価を確かめ、調整会議へ送ります。"),
            "/steering/reviews/",
            "jimukyoku",
        ),
    )
    return Stop(_("計画の事務局として"), _("計画の公開、実績の承認、評価の進行を受け持ちます。"), steps)


def _council() -> Stop:
    steps = (
        Step(
            _("改善を指示する"),
            _("事業ごとに評価を決め、期限をつけて改善を指示します。"),
            "/steering/reviews/",
            "kaigi",
        ),
    )
    return Stop(_("調整会議として"), _("評価を決め、改善を指示します。"), steps)


def _publisher() -> Stop:
    steps = (
        Step(
            _("知りたいことを選ぶ"),
            _("分野と受け取り方を選びます。メールアドレスだけでも受け取れます。"),
            "/preferences/",
            "shimin",
        ),
        Step(_("受信箱を読む"), _("市からのお知らせと手続の連絡が、1つの場所に届きます。"), "/inbox/", "shimin"),
        Step(
            _("お知らせを書く"),
            _("対象の人数を確かめながら、3つの言語で書き、承認を求めます。"),
            "/messages/",
            "shinsa",
        ),
        Step(_("お知らせを承認する"), _("書いた人とは別の人が、送られるものを確かめます。"), "/messages/", "koho"),
        Step(
            _("訓練で緊急情報を出す"),
            _("1つの画面で一度書くと、すべての手段へ同時に届きます。まずは訓練でお試しください。"),
            "/emergency/",
            "kiki",
        ),
        Step(
            _("サイネージの画面をつなぐ"),
            _("別の窓で開くと番号が出ます。広報の職員が番号を入力すると、番組が始まります。"),
            "/signage/",
        ),
        Step(
            _("画面と番組を決める"),
            _("場所と時間ごとの番組、画面のようす、放映の記録を扱います。"),
            "/office/signage/",
            "koho",
        ),
    )
    return Stop(_("お知らせと緊急情報"), _("見本では、メールもLINEも模擬のサービスに届きます。"), steps)


def _administrator() -> Stop:
    steps = (
        Step(
            _("設置のようすを見る"),
            _("データベース、ジョブ、記録の封印、設定の問題をひと目で確かめます。"),
            "/operations/status/",
            "kanri",
        ),
        Step(
            _("出来事の記録を確かめる"),
            _("だれが、いつ、何をしたかを追い、改ざんがないことを確かめます。"),
            "/operations/events/",
            "kanri",
        ),
        Step(
            _("職員と組織"),
            _("職員を招き、職務を割り当て、年度ごとの組織の変更を扱います。"),
            "/organisation/",
            "kanri",
        ),
        Step(_("部品の見本帳"), _("画面の部品と、その状態をすべて見られます。"), "/design/"),
    )
    return Stop(_("管理者として"), _("設置と職員を受け持ちます。"), steps)
