"""Accounts, hashtags and posts for the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.forms import Select
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView, SnippetViewSet, SnippetViewSetGroup

from social.forms import ASKED, SecretsForm
from social.models import Account, Hashtags, Post
from social.telling import state_of
from themes.pages import ticks

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


# Where the script asks how long the text is.
MEASURED = {"data-measured": reverse_lazy("social_measured")}


def _secrets(network: str) -> MultiFieldPanel:
    names = [f"{network}_{name}" for name, *_rest in ASKED[network]]
    help_text = _("What is kept is not shown again. Leave the fields empty to change nothing.")
    return MultiFieldPanel([FieldPanel(name) for name in names], heading=Account.Of(network).label, help_text=help_text, icon="key")


class AccountViewSet(SnippetViewSet):
    model = Account
    icon = "globe"
    menu_label = _("Accounts")
    menu_name = "social-accounts"
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display: ClassVar = [
        "name",
        Column("get_network_display", label=_("Network"), sort_key="network"),
        Column("handle", label=_("Handle")),
        DateColumn("ok_at", label=_("Last answered well"), sort_key="ok_at"),
        Column("get_problem_display", label=_("Last problem")),
        DateColumn("token_ends", label=_("Credentials end"), sort_key="token_ends"),
    ]
    ordering: ClassVar = ["network", "name"]
    edit_handler = ObjectList(
        [
            FieldPanel("theme"),
            FieldRowPanel([FieldPanel("network"), FieldPanel("name")]),
            FieldPanel("server"),
            FieldPanel("is_active"),
            *(_secrets(network) for network in ASKED),
        ],
        base_form_class=SecretsForm,
    )


class HashtagsViewSet(SnippetViewSet):
    model = Hashtags
    icon = "tag"
    menu_label = _("Hashtags")
    menu_name = "social-hashtags"
    copy_view_enabled = False
    list_display: ClassVar = ["words_fi", "words_sv", "words_en", "theme"]
    panels: ClassVar = [FieldPanel("theme"), FieldPanel("words_fi"), FieldPanel("words_sv"), FieldPanel("words_en")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hashtags]:
        return Hashtags.objects.select_related("theme")


class _ToThePost:
    """After saving, the post is looked at as it will leave."""

    object: Any

    def get_success_url(self) -> str:
        return reverse("social_post", args=[self.object.pk])


class PostCreateView(_ToThePost, CreateView):
    def save_instance(self) -> Any:
        self.form.instance.written_by = self.request.user
        return super().save_instance()


class PostEditView(_ToThePost, EditView):
    """Not once it stands in the outbox. Whoever writes is not who approves."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.queued_at:
            messages.warning(request, _now("The post has been approved: its text is not changed any more."))
            return redirect("social_post", self.object.pk)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def save_instance(self) -> Any:
        self.form.instance.written_by = self.request.user
        return super().save_instance()


class PostIndexView(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each with the state of what stands in the outbox: one question for all."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        state_of(context["object_list"])
        return context


class PostViewSet(SnippetViewSet):
    model = Post
    icon = "comment"
    menu_label = _("Posts")
    menu_name = "social-posts"
    copy_view_enabled = False
    inspect_view_enabled = False
    list_per_page = 50
    index_view_class = PostIndexView
    add_view_class = PostCreateView
    edit_view_class = PostEditView
    list_display: ClassVar = [
        "title",
        Column("state_label", label=_("State")),
        DateColumn("made_at", label=_("Made"), sort_key="made_at"),
        Column("written_by", label=_("Written by")),
    ]
    ordering: ClassVar = ["-made_at", "-pk"]
    search_fields: ClassVar = ["title"]
    search_backend_name = None
    panels: ClassVar = [
        FieldPanel("title"),
        FieldPanel("theme"),
        InlinePanel(
            "variants",
            panels=[
                FieldRowPanel([FieldPanel("account", widget=Select), FieldPanel("language"), FieldPanel("due_at")]),
                FieldPanel("text", widget=AdminAutoHeightTextInput(attrs=MEASURED)),
                FieldPanel("link"),
                FieldRowPanel([FieldPanel("image"), FieldPanel("alt")]),
            ],
            heading=_("Variants"),
            label=_("Variant"),
            min_num=1,
        ),
        MultiFieldPanel([ticks("goals"), ticks("audiences")], heading=_("Plan"), icon="crosshairs"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        return Post.objects.select_related("written_by")


class SocialGroup(SnippetViewSetGroup):
    menu_label = _("Social media")
    menu_icon = "comment"
    menu_name = "social"
    menu_order = 305
    items = (PostViewSet, AccountViewSet, HashtagsViewSet)
