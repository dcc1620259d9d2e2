from __future__ import annotations

from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from pages.models import Enquiry
from pages.viewsets import EnquiryPolicy, EnquiryViewSet

register_permission_policy(Enquiry, EnquiryPolicy(Enquiry))
register_snippet(EnquiryViewSet)
