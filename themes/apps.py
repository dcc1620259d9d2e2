from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThemesConfig(AppConfig):
    name = "themes"
    verbose_name = _("Themes and plan")

    def ready(self) -> None:
        from base.blocks import register
        from base.page_changes import watch
        from themes import promises
        from themes.blocks import RegionsBlock
        from themes.evidence import measuring
        from themes.models import Practice, Project, Region, SubTheme, TargetGroup, Theme
        from themes.teams import history, pages

        watch(Theme, SubTheme, TargetGroup, Region, Project, Practice)
        register("regions", RegionsBlock)
        pages.register()
        history.register()
        measuring.register_all()
        promises.connect()
