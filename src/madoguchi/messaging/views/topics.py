"""Staff's pages of topics: list, numbers, making, changing, retiring."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.trust.api import account_of, permission_required

from ..enums import ChannelKey
from ..errors import MessagingError
from ..forms.topics import TopicForm
from ..models import Topic
from ..permissions import message_policy, topic_policy
from ..selectors.topics import listed_topics, subscribers_by_way, topic_days
from ..services.topics import add_topic, change_topic, retire_topic

PER_PAGE = 50


def _crumbs(*steps: str) -> list[dict[str, str]]:
    own = [{"label": _("分野"), "url": reverse("messages:topics")}] if steps else []
    last = steps or (_("分野"),)
    return [
        {"label": _("お知らせ"), "url": reverse("messages:index")},
        *own,
        *({"label": one, "url": ""} for one in last),
    ]


@require_safe
@permission_required(message_policy, "list")
def topics(request: HttpRequest) -> HttpResponse:
    """List topics with how many hear of each."""
    text, retired = request.GET.get("q", "").strip()[:60], request.GET.get("show") == "retired"
    page = Paginator(listed_topics(text, retired=retired), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "breadcrumbs": _crumbs(),
        "page": page,
        "text": text,
        "retired": retired,
        "can_edit": topic_policy.allows(account_of(request), "edit"),
    }
    return render(request, "messaging/topics/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(topic_policy, "edit")
def new(request: HttpRequest) -> HttpResponse:
    """Make a topic."""
    form = TopicForm(None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_topic(code=form.cleaned_data["code"], actor=account_of(request), **form.values())
        except (MessagingError, ValidationError) as error:
            form.add_error("code" if isinstance(error, MessagingError) else None, _words(error))
        else:
            messages.success(request, _("分野を作りました。"))
            return redirect("messages:topic", made.code)
    return _form(request, form, _("分野をつくる"), reverse("messages:new_topic"))


@require_safe
@permission_required(message_policy, "list")
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """Show one topic with its numbers."""
    found = get_object_or_404(Topic.objects.select_related("unit"), code=code)
    days = topic_days(found)
    ways = [(ChannelKey(key).label, count) for key, count in subscribers_by_way(found).items()]
    context = {
        "breadcrumbs": _crumbs(str(found)),
        "topic": found,
        "days": list(reversed(days)),
        "most": max((day.total for day in days), default=0),
        "total": days[-1].total,
        "ways": ways,
        "can_edit": topic_policy.allows(account_of(request), "edit") and found.retired_at is None,
    }
    return render(request, "messaging/topics/record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(topic_policy, "edit")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a topic; its code stays."""
    found, actor = get_object_or_404(Topic, code=code, retired_at__isnull=True), account_of(request)
    form = TopicForm(found, request.POST or None, initial=TopicForm.initial_of(found))
    if request.method == "POST" and form.is_valid() and actor is not None:
        change_topic(topic=found, actor=actor, **form.values())
        messages.success(request, _("分野を変更しました。"))
        return redirect("messages:topic", code)
    return _form(request, form, _("分野の変更"), reverse("messages:edit_topic", args=[code]))


@require_POST
@permission_required(topic_policy, "edit")
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """End a topic with all subscriptions; asked for by a tick."""
    found, actor = get_object_or_404(Topic, code=code), account_of(request)
    if request.POST.get("sure") != "on" or actor is None:
        messages.error(request, _("終了してよいことを確かめて、チェックを入れてください。"))
        return redirect("messages:topic", code)
    ended = retire_topic(topic=found, actor=actor)
    messages.success(request, _("分野を終了しました。%(count)s人の購読も終わりました。") % {"count": ended})
    return redirect("messages:topics")


def _words(error: Exception) -> list[str]:
    return list(error.messages) if isinstance(error, ValidationError) else [str(error)]


def _form(request: HttpRequest, form: TopicForm, title: str, action: str) -> HttpResponse:
    context = {"breadcrumbs": _crumbs(title), "form": form, "title": title, "action": action}
    return render(request, "messaging/topics/form.html", context, status=422 if form.errors else 200)
