"""The one table of who may call what. A way in that is not in it fails, and so does one that lets others in."""

import pytest
import reflex as rx

from convosphere import convosphere
from convosphere.core.authorization import require
from convosphere.core.errors import ForbiddenError, SignInRequiredError
from convosphere.core.identifiers import new_id
from convosphere.core.permissions import ANONYMOUS, Actor, Permission
from convosphere.core.ways_in import declared_permission
from convosphere.identity.roles import PERMISSIONS, Role

ANYBODY, GUESTS, MEMBERS, MANAGERS, ADMINS = "anybody", "guests", "members", "managers", "admins"
"""From the least; each group lets in all that follow it in `MAY_ENTER`."""

# Methods and path of a route, or State and handlers. A new line under ANYBODY needs a reason.
TABLE: dict[str, set[str]] = {
    ANYBODY: {
        "POST /auth/set-up",  # needs the one-time token
        "POST /auth/sign-in",
        "POST /auth/sign-up",  # needs an invitation, unless the installation is open
        "POST /auth/sign-out",
        "POST /auth/recover",  # says the same for every address
        "POST /auth/recover/password",  # needs a one-time link
        "POST /auth/verify",  # likewise
        "POST /auth/unsubscribe",  # needs the link of a mail
        "POST /auth/password-strength",  # before there is an account
        "POST /auth/sign-in/code",  # needs a sign-in whose password was right
        "POST /auth/sign-in/passkey/options",  # likewise
        "POST /auth/sign-in/passkey",  # likewise
        "POST /auth/passkey/options",  # sign-in without a name
        "POST /auth/passkey",  # likewise
        "POST /auth/token",  # needs a key or a refresh token
        "POST /auth/revoke",  # needs the token itself
        "GET /.well-known/jwks.json",  # public keys
        "GET /health",  # says only whether the parts answer
        "EntryState load",  # whether there is an owner
        "LinkedState follow show_earlier show_later",  # needs a link that works
        "LinkedDocumentsState follow show turn_page",  # likewise
        "GET /api/links/{token}/documents/{document_id}/file",  # likewise
        "GET /api/links/{token}/documents/{document_id}/pages/{number}",  # likewise
        "GET /api/links/{token}/documents/{document_id}/preview",  # likewise
        "GET /api/links/{token}/documents/{document_id}/thumbnail",  # likewise
        "ToastState dismiss report",  # the tab's own notices
    },
    GUESTS: {
        "AccessState forget",
        "AssistantDefaultsState choose close open",  # for oneself, groups that one manages, or who runs the workspace
        "AssistantPlacesState look_up",
        "AssistantGalleryState ask close",
        "AssistantImportState close refuse",
        "AssistantListState load narrow narrow_category narrow_state search set_favourite sort_by turn_page",
        "AssistantRequestsState load",
        "AssistantReviewState close",
        "AssistantDrawingState load",
        "AssistantTemplatesState choose close open",
        "GET /api/assistants/{assistant_id}/export",  # of what one may change, and of the gallery
        "AssistantQualityState choose_range load",  # of assistants that one may change
        "AssistantState check forget_problem load set_favourite",
        "CasesState close load",  # of assistants that one may change
        "PlaygroundAnswerState clear",
        "PlaygroundState add_column choose_view load remove_column",  # likewise
        "RunsState compare follow open",  # likewise
        "AssistantVersionsState close compare open",  # of assistants that one may change
        "InvitationsState load refresh",
        "LeavingState ask close leave",
        "PeopleState follow",
        "PersonState load",
        "GET /api/assistant-pictures/{digest}",  # of assistants that one sees
        "GET /api/people/{account_id}/avatar/{digest}",
        "POST /api/avatar",
        "POST /api/attachments/documents/{document_id}",
        "GET /api/attachments/{attachment_id}",
        "GET /api/attachments/{attachment_id}/image",
        "DELETE /api/attachments/{attachment_id}",
        "GET /api/documents/{document_id}/file",
        "GET /api/documents/{document_id}/pages/{number}",
        "GET /api/documents/{document_id}/preview",
        "GET /api/documents/{document_id}/transcript",
        "GET /api/documents/{document_id}/versions/{version_id}/transcript",
        "GET /api/documents/{document_id}/thumbnail",
        "GET /api/documents/{document_id}/versions/{version_id}/pages/{number}",
        "GET /api/documents/{document_id}/versions/{version_id}/file",
        "GET /api/documents/{document_id}/versions/{version_id}/preview",
        "ActState clear favour follow select select_matching toggle_all",
        "BulkState ask ask_about begin cancel close dismiss follow retry undo",  # each act asks for what it needs
        "JobsState close follow open show_only turn_page",
        "DuplicatesState follow",
        "VersionState close compare",
        "OwnSpaceState follow",
        "QuestionsState ask close follow look_up show turn_page",  # those given to oneself
        "TrashState clear follow select turn_page",
        "GET /api/documents/bulk/{job_id}/file",
        "DocumentFolderState follow toggle",
        "AnswerState leave stop watch",
        "BudgetState load",
        "GroupsState add close load look_up open remove search set_manager show_more",  # of the groups that one manages
        "SharingState close find_access give look_up open show_more_access show_tab",  # of what one manages
        "ConversationListState delete follow rename restore show_more show_newest show_shelf start_renaming",
        "ContextState choose measure save_note set_editing",
        "ConversationImportState brought close discard follow open take_in",
        "POST /api/conversations/export",  # of one's own
        "POST /api/conversations/imports",
        "ConversationState catch_up decide open resume retry send show_latest",
        "DocumentListState follow leave_folder search show_again show_folder sort_by turn_page",
        "DocumentListState clear_filters filter_by filter_by_days filter_by_owner filter_by_tag join_tags",
        "DocumentListState open_collection",
        "KnowledgeDialogsState close",
        "CollectionState ask close delete follow keep save_changes",  # of filters of one's own
        "FacetState load",
        "TagChoiceState look_up",
        "StaleState choose_age follow turn_page",
        "RulesState close open",
        "TagFiguresState show",
        "SuggestionState forget",
        "TagsState follow look_up",
        "SourcesState close follow open open_run turn_page",  # one's own
        "DocumentState follow show_earlier show_more",
        "PreviewState open show show_newest",
        "FactorState ask_to_rename load remove_one_time_codes remove_passkey rename_passkey",
        "BranchState copy edit fork open_thoughts switch",
        "CompanyState follow write",
        "LinkedState copy",
        "FeedbackState rate",
        "FollowUpState switch_off watch",
        "FrameState keep_shortcuts load",
        "FilingWatchState follow",
        "LifeState close keep load stay",
        "FilingState add_tag archive ask ask_of_folder close delete delete_folder keep_folder load move move_folder pin"
        " restore show_wanted tag unarchive",
        "FinderState look_up",
        "PanesState compare keep_one open",
        "FolderBriefState add close look_up open remove save",  # of folders that one may see, or change
        "HomeState follow",
        "MailsState load want",
        "NotificationState follow read read_all set_open show_more",
        "ToldState load want_digest want_in_browser want_on_page",
        "ModelState choose favour load",
        "ParametersState as_usual keep look",
        "PassageState close open",
        "ArtifactState close open turn",
        "GET /api/artifacts/{message_id}/{number}",
        "QueueState edit load remove send_now",
        "ReadingState show_earlier show_later",
        "PromptListState load narrow search turn_page",
        "PromptState close_history load",
        "ProfileState ask_for_email keep_density keep_follow_ups keep_time_zone load remove_avatar rename",
        "SearchState follow",
        "POST /auth/look-back",  # refused to whoever looks as nobody
        "GET /api/me",
        "POST /auth/reauthenticate",
        "POST /auth/reauthenticate/passkey/options",
        "POST /auth/reauthenticate/passkey",
        "POST /auth/password",
        "POST /auth/one-time-codes/start",
        "POST /auth/one-time-codes",
        "POST /auth/recovery-codes",
        "POST /auth/passkeys/options",
        "POST /auth/passkeys",
        "ReauthenticationState ask settle",
        "OwnUsageState load",
        "GET /api/usage/own/export",
        "DevicesState end end_others load",
        "KeysState load",
        "WatchState look stay",
        "SessionState keep_theme keep_locale",
        "SpeakerState choose look_up",
        "StartState load start",  # with templates that one may use
        "TemplateListState load narrow search turn_page",
        "TemplateState close_history load",
        "TriggerState look_up take_prompt take_question",
        "ToastState undo",
        "WelcomeState load",
    },
    MEMBERS: {
        "AssistantPlacesState add remove",
        "AssistantGalleryState publish take_back",
        "AssistantImportState open read take_in",
        "AssistantListState delete duplicate restore",
        "AssistantState save set_state",
        "AssistantDrawingState close draw open take",
        "AssistantPictureState take",
        "POST /api/assistant-pictures",
        "AssistantVersionsState restore",
        "CasesState add_expectation delete edit save",
        "PlaygroundAnswerState ask stop",
        "PlaygroundState send",
        "RunsState resume start stop",
        "KeysState create forget_value revoke show",
        "LinksState close forget_made make open revoke",
        "DocumentLinksState close forget_made make open revoke",
        "PromptListState delete duplicate restore",
        "StartState make",
        "TemplateListState delete restore",
        "TemplateState add_document add_exchange look_up remove_document remove_exchange save",
        "TemplateState open_history restore_version",
        "PromptState open_history restore_version save",
        "POST /api/files",
        "POST /api/attachments",
        "FileState save_answer save_document",
        "ActState ask_to_rename close_dialog rename restore retry share trash",
        "MetadataState keep set_open take_from_file",
        "StaleState mark_reviewed",
        "TagFiguresState ask close delete",
        "SuggestionState accept_here accept_selected close dismiss_here dismiss_selected look_at_selected look_here",
        "RulesState add_part delete fill_in join keep pause remove_part set_below stop_writing write",
        "DuplicatesState choose settle",
        "AlikeUploadsState follow",
        "VersionState restore",
        "BulkState ask_in_trash look_up",
        "TrashState restore",
        "QuestionsState answer set_aside",
        "BulkState move",
        "DocumentFolderState ask ask_where close delete file keep look_up nest put",
        "DocumentListState load_handbook set_sharing",
        "TagChoiceState create",
        "TagsState ask close delete keep merge",
        "SourcesState ask delete leave pause run_now stop",
        "SourceFormState ask back choose close edit keep submit",
        "WelcomeState load_handbook",
    },
    MANAGERS: {
        "AssistantGalleryState remove",
        "AssistantReviewState accept look_at open refuse",
        "ImportState follow preview send show start_over",
        "InvitationsState close_link make_link revoke search send_again show_more",
        "InviteState create show",
        "PeopleActState add_to_group ask clear close_dialog select toggle_all",
        "PeopleState filter_by search show_again sort_by turn_page",
        "PersonState add_group remove_group show_again",
        "POST /api/people/lists",
        "POST /api/people/lists/{list_id}/links",
        "GroupsState ask close_dialog delete save",
        "RolesState load",
    },
    ADMINS: {
        "AccessState ask_email change_email forget_link make_link",
        "ChatRulesState choose_temporary discard load look_ahead save",
        "ContextState choose_for_all",
        "LinkRuleState allow_anyone",
        "DeletionState ask choose_heir close delete find_heir",
        "PeopleActState deactivate give_role",
        "PersonState deactivate end_device end_devices give_role reactivate reset_factors",
        "ModelsState ask_to_delete close_dialog delete enable follow load search set_default show_more test",
        "ModelPanelState choose_source close enable open remove replace_by save set_price try_it",
        "ModelAccessState give look_up open restrict take",
        "ProviderState add_by_name ask choose choose_kind close discover intend offer search submit",
        "GET /api/audit/export",
        "GET /api/usage/export",
        "BudgetsState ask choose choose_type close_dialog delete load look_up save set_zone",
        "QualityState choose_range load",
        "QuestionsState assign look_up_people set_rule",
        "SpaceState ask choose choose_subject close load look_up remove save",
        "ChunkingState drop follow retry switch",
        "CutFormState add_rule choose look_up open raise_rule remove_rule",
        "CutFormState set_by_section set_model set_overlap set_rule set_size start",
        "TrialsState add begin choose close delete follow look_up open take",
        "HealthState choose_days describe follow retry",
        "ScanState begin clean follow",
        "UsageState choose_metric choose_range choose_view load",
        "POST /auth/look-as",
        "RolesState ask choose close_dialog delete require_factor save",
        "AuditState clear close load narrow open show_all_of turn",
        "VerificationState load verify",
    },
}
MAY_ENTER = {
    ANYBODY: {"anonymous", *Role},
    GUESTS: set(Role),
    MEMBERS: set(Role) - {Role.GUEST},
    MANAGERS: {Role.OWNER, Role.ADMIN, Role.MANAGER},
    ADMINS: {Role.OWNER, Role.ADMIN},
}
ACTORS = {"anonymous": ANONYMOUS} | {
    role: Actor(account_id=None, workspace_id=new_id(), permissions=permissions, role=role)
    for role, permissions in PERMISSIONS.items()
}


def declared() -> dict[str, Permission | None]:
    """Every route and every handler of a page with what it declares."""
    ways: dict[str, Permission | None] = {}
    for route in convosphere.ROUTES:
        for method in (route.methods or set()) - {"HEAD"}:
            ways[f"{method} {route.path}"] = declared_permission(route.endpoint)
    for state in rx.State.get_substates():
        if state.__module__.startswith("convosphere."):
            for name, handler in state.event_handlers.items():
                if name != "setvar":  # The gate refuses it, as it declares nothing.
                    ways[f"{state.__name__} {name}"] = declared_permission(handler.fn)
    return ways


def expected() -> dict[str, str]:
    """The table, a line for each way in."""
    lines = {}
    for who, entries in TABLE.items():
        for entry in entries:
            first, *rest = entry.split()
            lines |= {f"{first} {name}": who for name in rest}
    return lines


def test_every_way_in_is_in_the_table() -> None:
    assert set(declared()) == set(expected())


@pytest.mark.parametrize("way", sorted(declared()))
def test_a_way_in_lets_in_whom_the_table_says(way: str) -> None:
    permission = declared()[way]
    assert permission is not None
    assert {who for who in ACTORS if may_enter(who, permission)} == MAY_ENTER[expected()[way]]


def may_enter(who: str, permission: Permission) -> bool:
    try:
        require(ACTORS[who], permission)
    except (SignInRequiredError, ForbiddenError):
        return False
    return True
