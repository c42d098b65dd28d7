namespace Drover.Api;

/// <summary>A kind of refusal: its stable code, the HTTP status it travels with and the exit code it ends a command with.</summary>
public sealed record ProblemKind(string Code, int Status, int ExitCode, string Title);

/// <summary>The one table of what can go wrong. Codes never change their meaning; scripts may rely on them.</summary>
public static class Problems
{
    public static readonly ProblemKind InvalidRequest = new("invalid_request", 400, ExitCodes.Usage, "The request cannot be understood");
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", 401, ExitCodes.Refused, "Nobody knows who asks");
    public static readonly ProblemKind HumanOnly = new("human_only", 403, ExitCodes.Refused, "Only a human may do this");
    public static readonly ProblemKind NotYours = new("not_yours", 403, ExitCodes.Refused, "This belongs to another run");
    public static readonly ProblemKind WrongOrigin = new("wrong_origin", 403, ExitCodes.Refused, "The request comes from elsewhere");
    public static readonly ProblemKind NoSuchRoute = new("no_such_route", 404, ExitCodes.NotFound, "There is nothing at this address");
    public static readonly ProblemKind ProjectNotFound = new("project_not_found", 404, ExitCodes.NotFound, "No such project");
    public static readonly ProblemKind TicketNotFound = new("ticket_not_found", 404, ExitCodes.NotFound, "No such ticket");
    public static readonly ProblemKind RunNotFound = new("run_not_found", 404, ExitCodes.NotFound, "No such run");
    public static readonly ProblemKind AgentNotFound = new("agent_not_found", 404, ExitCodes.NotFound, "No such agent");
    public static readonly ProblemKind NotFound = new("not_found", 404, ExitCodes.NotFound, "No such thing");
    public static readonly ProblemKind MethodNotAllowed = new("method_not_allowed", 405, ExitCodes.Usage, "The address exists, the method does not");
    public static readonly ProblemKind IllegalMove = new("illegal_move", 409, ExitCodes.Refused, "The ticket cannot move there");
    public static readonly ProblemKind Held = new("held", 409, ExitCodes.Refused, "The ticket is held");
    public static readonly ProblemKind Blocked = new("blocked", 409, ExitCodes.Refused, "The ticket is blocked");
    public static readonly ProblemKind AlreadyActive = new("already_active", 409, ExitCodes.Refused, "Something already works on it");
    public static readonly ProblemKind AtCap = new("at_cap", 409, ExitCodes.Refused, "As many run as may");
    public static readonly ProblemKind AgentUnfit = new("agent_unfit", 409, ExitCodes.Refused, "The agent's program does not work");
    public static readonly ProblemKind NotLive = new("not_live", 409, ExitCodes.Refused, "The run is not live");
    public static readonly ProblemKind StillLive = new("still_live", 409, ExitCodes.Refused, "The run is still live");
    public static readonly ProblemKind TooLate = new("too_late", 409, ExitCodes.Refused, "It has changed in between");
    public static readonly ProblemKind AlreadySettled = new("already_settled", 409, ExitCodes.Refused, "It was decided before");
    public static readonly ProblemKind NotReadyToLand = new("not_ready_to_land", 409, ExitCodes.Refused, "There is nothing that can land");
    public static readonly ProblemKind Conflict = new("conflict", 409, ExitCodes.Refused, "It is not possible as things stand");
    public static readonly ProblemKind WorktreeGone = new("worktree_gone", 409, ExitCodes.Refused, "There is no worktree to go on in");
    public static readonly ProblemKind NoConversation = new("no_conversation", 409, ExitCodes.Refused, "There is no conversation to go on with");
    public static readonly ProblemKind CannotFork = new("cannot_fork", 409, ExitCodes.Refused, "The agent cannot go on with a copy of a conversation");
    public static readonly ProblemKind CursorInvalid = new("cursor_invalid", 400, ExitCodes.Usage, "The cursor is not one of this server's");
    public static readonly ProblemKind TooLarge = new("too_large", 413, ExitCodes.Refused, "The request is too large");
    public static readonly ProblemKind InvalidValue = new("invalid_value", 422, ExitCodes.Refused, "A value is not allowed");
    public static readonly ProblemKind UnusableRepository = new("unusable_repository", 422, ExitCodes.Refused, "Drover cannot work in this repository");
    public static readonly ProblemKind InvalidConfiguration = new("invalid_configuration", 422, ExitCodes.Refused, "drover.yaml is not valid");
    public static readonly ProblemKind KeyReused = new("idempotency_key_reused", 422, ExitCodes.Refused, "The idempotency key stands for another request");
    public static readonly ProblemKind Internal = new("internal", 500, ExitCodes.Failed, "The server made a mistake");
    public static readonly ProblemKind Unavailable = new("unavailable", 503, ExitCodes.Failed, "The server cannot do this now");

    public static readonly IReadOnlyList<ProblemKind> All =
    [
        InvalidRequest, Unauthenticated, HumanOnly, NotYours, WrongOrigin, NoSuchRoute, ProjectNotFound, TicketNotFound, RunNotFound,
        AgentNotFound, NotFound, MethodNotAllowed, IllegalMove, Held, Blocked, AlreadyActive, AtCap, AgentUnfit, NotLive, StillLive, TooLate, AlreadySettled, NotReadyToLand,
        Conflict, WorktreeGone, NoConversation, CannotFork, CursorInvalid, TooLarge, InvalidValue, UnusableRepository, InvalidConfiguration, KeyReused, Internal, Unavailable,
    ];
}

/// <summary>How <c>drover</c> ends. Part of the contract with scripts.</summary>
public static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NoServer = 3;
    public const int Refused = 4;
    public const int NotFound = 5;
}
