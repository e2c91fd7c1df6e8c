"""What a tester asks of the simulated LINE: friends come and go, press buttons, write; what everybody got; faults."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .store import ApiError, Bot, Friend, Store
from .webhooks import Webhooks


class Control:
    """The door for testers, below ``/simulator/``."""

    def __init__(self, store: Store, webhooks: Webhooks) -> None:
        self._store = store
        self._webhooks = webhooks

    def do(self, method: str, path: list[str], content: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked for; raises ``ApiError`` 404 for what there is not."""
        match (method, path):
            case ("POST", ["reset"]):
                self._store.bots.clear()
                self._store.faults.clear()
                self._store.save()
                return {}
            case ("POST", ["faults"]):
                self._store.faults |= {str(key): [str(one) for one in value] for key, value in content.items()}
                return {}
            case ("GET", ["webhooks"]):
                return {"log": list(self._webhooks.log), "idle": self._webhooks.is_idle()}
            case (_, [key, *rest]):
                return self._bot(method, self._store.bot(key), rest, content)
        raise ApiError(404, "Not found")

    def _bot(self, method: str, bot: Bot, path: list[str], content: dict[str, Any]) -> dict[str, Any]:
        match (method, path):
            case ("GET", []):
                return self._counts(bot)
            case ("POST", ["settings"]):
                bot.webhook = str(content.get("webhook", bot.webhook))
                bot.limit = content.get("limit", bot.limit)
                self._store.save()
                return {}
            case ("POST", ["friends"]):
                return self._new_friends(bot, content)
            case ("GET", ["friends", user]):
                friend = self._store.friend(bot, user)
                return {"following": friend.is_following, "chat": [[side, said] for side, said, _at in friend.chat]}
            case ("POST", [("follow" | "unfollow") as what]):
                getattr(self._webhooks, what)(bot, self._some(bot, content))
                self._store.save()
                return {}
            case ("POST", ["message"]):
                for friend in self._some(bot, content):
                    self._webhooks.message(bot, friend, str(content["text"]))
                return {}
            case ("POST", ["postback"]):
                for friend in self._some(bot, content):
                    self._webhooks.postback(bot, friend, str(content["data"]), dict(content.get("params", {})))
                return {}
            case ("POST", ["events"]):
                self._webhooks.send(bot, list(content["events"]))
                return {}
        raise ApiError(404, "Not found")

    def _new_friends(self, bot: Bot, content: dict[str, Any]) -> dict[str, Any]:
        friends = self._store.add_friends(
            bot, int(content.get("count", 1)), language=str(content.get("language", "ja"))
        )
        if content.get("quietly"):
            for friend in friends:
                friend.is_following = True
        else:
            self._webhooks.follow(bot, friends)
        self._store.save()
        return {"users": [friend.user for friend in friends]}

    def _some(self, bot: Bot, content: dict[str, Any]) -> list[Friend]:
        if "users" in content:
            return [self._store.friend(bot, user) for user in content["users"]]
        return list(bot.friends.values())[: int(content.get("count", len(bot.friends)))]

    def _counts(self, bot: Bot) -> dict[str, Any]:
        """Return how many people got how many messages from the city, and what was asked of us."""
        with self._store.lock:
            got = Counter(sum(1 for side, _said, _at in one.chat if side == "city") for one in bot.friends.values())
            return {
                "friends": len(bot.friends),
                "following": sum(1 for one in bot.friends.values() if one.is_following),
                "messages": {str(count): people for count, people in sorted(got.items())},
                "requests": bot.requests,
                "used": bot.used,
                "units": dict(bot.units),
                "webhook": bot.webhook,
            }
