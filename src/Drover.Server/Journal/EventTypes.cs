namespace Drover.Server.Journaling;

/// <summary>The types of the journal's events: the contract with the page, the CLI and scripts. A word that has shipped keeps its meaning.</summary>
internal static class EventTypes
{
    internal const string ServerStarted = "server.started";
    internal const string ServerStopped = "server.stopped";

    internal const string ProjectAdded = "project.added";
    internal const string ProjectRemoved = "project.removed";

    internal const string TicketAdded = "ticket.added";
    internal const string TicketChanged = "ticket.changed";
    internal const string TicketMoved = "ticket.moved";
    internal const string TicketBlocked = "ticket.blocked";
    internal const string TicketUnblocked = "ticket.unblocked";
    internal const string TicketQueued = "ticket.queued";
    internal const string TicketAgain = "ticket.again";
    internal const string TicketSentBack = "ticket.sent_back";
    internal const string TicketHeld = "ticket.held";
    internal const string TicketReleased = "ticket.released";

    internal const string AttemptOpened = "attempt.opened";
    internal const string AttemptClosed = "attempt.closed";
    internal const string WorktreeMade = "worktree.made";
    internal const string WorktreeRemoved = "worktree.removed";
    internal const string SalvageSaved = "salvage.saved";

    internal const string RunReserved = "run.reserved";
    internal const string RunPreparing = "run.preparing";
    internal const string RunStarting = "run.starting";
    internal const string RunLive = "run.live";
    internal const string RunWaiting = "run.waiting";
    internal const string RunAnew = "run.anew";
    internal const string RunStopWanted = "run.stop_wanted";
    internal const string RunStopping = "run.stopping";
    internal const string RunSettled = "run.settled";
    internal const string RunRemoved = "run.removed";

    internal const string AgentReady = "agent.ready";
    internal const string PromptWritten = "prompt.written";
    internal const string PromptAccepted = "prompt.accepted";
    internal const string PromptRefused = "prompt.refused";
    internal const string ConversationStarted = "conversation.started";
    internal const string TurnStarted = "turn.started";
    internal const string TurnEnded = "turn.ended";
    internal const string Text = "text";
    internal const string Thought = "thought";
    internal const string ToolCalled = "tool.called";
    internal const string ToolReturned = "tool.returned";
    internal const string Usage = "usage";
    internal const string Limit = "limit";
    internal const string Trouble = "trouble";
    internal const string Log = "log";

    /// <summary>A message of the agent that its adapter does not know, or an event whose data is no JSON object: <c>{"text": …}</c> has it as it came.</summary>
    internal const string Raw = "raw";

    /// <summary>A line of the agent that is no message at all.</summary>
    internal const string Malformed = "malformed";

    internal const string ApprovalAsked = "approval.asked";
    internal const string ApprovalSettled = "approval.settled";
    internal const string SteerQueued = "steer.queued";
    internal const string SteerWritten = "steer.written";
    internal const string SteerAcknowledged = "steer.acknowledged";
    internal const string SteerRefused = "steer.refused";
    internal const string SteerUnknown = "steer.unknown";

    internal const string LandingMade = "landing.made";
    internal const string LandingTested = "landing.tested";
    internal const string LandingApproved = "landing.approved";
    internal const string LandingWaits = "landing.waits";
    internal const string LandingIntended = "landing.intended";
    internal const string LandingLanded = "landing.landed";
    internal const string LandingConflict = "landing.conflict";
    internal const string LandingFailed = "landing.failed";
    internal const string LandingRaced = "landing.raced";
    internal const string LandingAbandoned = "landing.abandoned";
    internal const string CheckoutFollowed = "checkout.followed";
    internal const string CheckoutWaits = "checkout.waits";
    internal const string GateStarted = "gate.started";
    internal const string GatePassed = "gate.passed";
    internal const string GateFailed = "gate.failed";
}
