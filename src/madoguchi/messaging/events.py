"""What happens in the messaging room. Data carry codes, ids and quantities, never names or addresses."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.events import declare

# Recipients and their addresses; ``data`` holds the channel or the topic's code.
SUBSCRIBED = declare("messaging.topic.subscribed", N_("分野を購読しました"))
UNSUBSCRIBED = declare("messaging.topic.unsubscribed", N_("分野の購読をやめました"))
ENDPOINT_ADDED = declare("messaging.endpoint.added", N_("連絡先を登録しました"))
ENDPOINT_CONFIRMED = declare("messaging.endpoint.confirmed", N_("連絡先を確認しました"))
ENDPOINT_ENDED = declare("messaging.endpoint.ended", N_("連絡先を使わなくしました"))
PREFERENCES_CHANGED = declare("messaging.preferences.changed", N_("受け取り方を変えました"))
NEED_REGISTERED = declare("messaging.need.registered", N_("配慮が必要なことを登録しました"))
NEED_CONFIRMED = declare("messaging.need.confirmed", N_("配慮の登録を確認しました"))
NEED_ENDED = declare("messaging.need.ended", N_("配慮の登録を終えました"))

RECIPIENT_ADDED = declare("messaging.recipient.added", N_("送り先を登録しました"))
RECIPIENT_ENDED = declare("messaging.recipient.ended", N_("送り先の登録を終えました"))
RECIPIENTS_MERGED = declare("messaging.recipient.merged", N_("同じ方の送り先を1つにまとめました"))
RECIPIENTS_SYNCED = declare("messaging.recipient.synced", N_("住民記録を送り先に反映しました"))
TOPIC_ADDED = declare("messaging.topic.added", N_("お知らせの分野を作りました"))
TOPIC_CHANGED = declare("messaging.topic.changed", N_("お知らせの分野を変更しました"))
TOPIC_RETIRED = declare("messaging.topic.retired", N_("お知らせの分野を終了しました"))

# Messages; ``data`` holds kind and topic, the quantity is how many people.
MESSAGE_CREATED = declare("messaging.message.created", N_("お知らせを作りました"))
MESSAGE_CHANGED = declare("messaging.message.changed", N_("お知らせを変更しました"))
MESSAGE_SUBMITTED = declare("messaging.message.submitted", N_("お知らせの承認を求めました"))
MESSAGE_APPROVED = declare("messaging.message.approved", N_("お知らせを承認しました"))
MESSAGE_RETURNED = declare("messaging.message.returned", N_("お知らせを差し戻しました"))
MESSAGE_CANCELLED = declare("messaging.message.cancelled", N_("お知らせを取り消しました"))
MESSAGE_FANNED_OUT = declare("messaging.message.fanned_out", N_("お知らせの宛先を決めました"))
MESSAGE_FINISHED = declare("messaging.message.finished", N_("お知らせを送り終えました"))

TEMPLATE_SAVED = declare("messaging.template.saved", N_("お知らせのひな型を作りました"))
TEMPLATE_RETIRED = declare("messaging.template.retired", N_("お知らせのひな型を使わなくしました"))

# When a message is finished its audience is counted, and whom no way has reached.
PEOPLE_UNREACHED = declare("messaging.message.unreached", N_("どの手段でも届かなかった人を数えました"))
ALERT_DELIVERED = declare("messaging.alert.delivered", N_("緊急情報を最後の1人に送り終えました"))

# Deliveries are counted in batches: ``data`` holds channel and kind, the quantity is how many.
DELIVERIES_SENT = declare("messaging.delivery.sent", N_("送信しました"))
DELIVERIES_DELIVERED = declare("messaging.delivery.delivered", N_("届きました"))
DELIVERIES_FAILED = declare("messaging.delivery.failed", N_("送信できませんでした"))
DELIVERY_OPENED = declare("messaging.delivery.opened", N_("お知らせが開かれました"))
INBOX_SORTED = declare("messaging.inbox.sorted", N_("受信箱を整理しました"))
SMS_REPORT_REFUSED = declare("messaging.sms.report_refused", N_("SMSの到達通知の署名が違いました"))
LETTERS_MADE = declare("messaging.post.printed", N_("郵送する手紙を作りました"))
ADDRESSES_EXPORTED = declare("messaging.post.exported", N_("郵送の宛名を書き出しました"))
LETTERS_POSTED = declare("messaging.post.posted", N_("手紙を発送しました"))
SENDING_SETTINGS_CHANGED = declare("messaging.sending_settings.changed", N_("送り方の設定を変えました"))
LETTER_RETURNED = declare("messaging.post.returned", N_("手紙が戻ってきました"))
FEED_RENEWED = declare("messaging.feed.renewed", N_("受信箱のフィードのアドレスを作りました"))
LINK_FOLLOWED = declare("messaging.link.followed", N_("リンクが使われました"))

# Emergencies; ``data`` holds status (Actual, Exercise), the event's code and the evacuation level, the quantity is how many people.
ALERT_DRAFTED = declare("messaging.alert.drafted", N_("緊急情報を下書きしました"))
ALERT_CHANGED = declare("messaging.alert.changed", N_("緊急情報の下書きを変えました"))
ALERT_DISCARDED = declare("messaging.alert.discarded", N_("緊急情報の下書きを捨てました"))
ALERT_ISSUED = declare("messaging.alert.issued", N_("緊急情報を発表しました"))
ALERT_UPDATED = declare("messaging.alert.updated", N_("緊急情報を更新しました"))
ALERT_CANCELLED = declare("messaging.alert.cancelled", N_("緊急情報を解除・取り消しました"))
ALERT_EXPIRED = declare("messaging.alert.expired", N_("緊急情報の期限が過ぎました"))
SAFETY_ACKNOWLEDGED = declare("messaging.safety_check.acknowledged", N_("緊急情報を確認したとの返事がありました"))
SAFETY_CLAIMED = declare("messaging.safety_check.claimed", N_("安否確認の電話を始めました"))
SAFETY_RELEASED = declare("messaging.safety_check.released", N_("安否確認の電話を別の人に任せました"))
SAFETY_RECORDED = declare("messaging.safety_check.recorded", N_("安否確認の結果を書きました"))

# Screens; what they play every day is counted in records, not here.
SCREEN_ADDED = declare("messaging.screen.added", N_("画面を登録しました"))
SCREEN_CHANGED = declare("messaging.screen.changed", N_("画面の設定を変えました"))
SCREEN_REMOVED = declare("messaging.screen.removed", N_("画面を撤去しました"))
SCREEN_PAIRED = declare("messaging.screen.paired", N_("機器を画面につなぎました"))
SCREEN_UNPAIRED = declare("messaging.screen.unpaired", N_("機器を画面から切り離しました"))
SCREEN_CODE_REFUSED = declare("messaging.screen.code_refused", N_("画面の接続コードが違いました"))
SCREEN_OVERRIDDEN = declare("messaging.screen.overridden", N_("画面に番組を割り込ませました"))
SCREEN_OVERRIDE_ENDED = declare("messaging.screen.override_ended", N_("画面の割り込みを終えました"))
SCREEN_LOST = declare("messaging.screen.lost", N_("画面からの連絡が途絶えました"))
SCREEN_RETURNED = declare("messaging.screen.returned", N_("画面からの連絡が戻りました"))
ALERT_SHOWN = declare("messaging.screen.alert_shown", N_("画面に緊急情報を表示しました"))
PLAYLIST_CHANGED = declare("messaging.playlist.changed", N_("番組を変えました"))
PLAYLIST_STOPPED = declare("messaging.playlist.stopped", N_("番組の放映を止めました"))
PLAYLIST_RESUMED = declare("messaging.playlist.resumed", N_("番組の放映を再開しました"))
SCHEDULE_CHANGED = declare("messaging.schedule.changed", N_("放映予定を変えました"))
SIGNAGE_ASSET_ADDED = declare("messaging.signage_asset.added", N_("サイネージの素材を登録しました"))
SIGNAGE_ASSET_CHANGED = declare("messaging.signage_asset.changed", N_("サイネージの素材を変えました"))

# LINE; the quantity is one friend. Friends on a day are all who followed until its end less all who left.
LINE_FOLLOWED = declare("messaging.line.followed", N_("LINEの友だちになりました"))
LINE_UNFOLLOWED = declare("messaging.line.unfollowed", N_("LINEでブロックされました"))
LINE_LINKED = declare("messaging.line.linked", N_("LINEと連携しました"))
LINE_UNLINKED = declare("messaging.line.unlinked", N_("LINEとの連携をやめました"))
LINE_MENU_PUBLISHED = declare("messaging.line.menu_published", N_("LINEのメニューを公開しました"))

# Telegrams; ``data`` holds kind, status and outcome, the quantity is how many alerts came of it.
TELEGRAM_TAKEN = declare("messaging.telegram.taken", N_("気象庁の電文を受け取りました"))
ALERT_RULE_CHANGED = declare("messaging.alert_rule.changed", N_("自動発表の決まりを変えました"))
ALERT_PLACE_CHANGED = declare("messaging.alert_place.changed", N_("気象庁の区域の登録を変えました"))
ALERT_WITHDRAWN = declare("messaging.alert.withdrawn", N_("緊急情報の元の電文が取り消されました"))
