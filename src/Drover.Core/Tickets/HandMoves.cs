namespace Drover.Core;

/// <summary>Whether somebody may move a ticket by hand.</summary>
public abstract record HandMove
{
    private HandMove() { }

    public sealed record Allowed : HandMove;

    /// <summary>It is there already.</summary>
    public sealed record Nothing : HandMove;

    public sealed record Held(string Why) : HandMove;

    public sealed record HumanOnly(string Why) : HandMove;

    public sealed record Illegal(string Why) : HandMove;

    public sealed record StillLive(string Why) : HandMove;
}

public static class HandMoves
{
    /// <param name="heldBy">Who holds the ticket; null when nobody does.</param>
    /// <param name="activeRun">The run that works on it; null when none does.</param>
    public static HandMove Judge(TicketKey key, Stage from, Stage to, Principal who, Principal? heldBy, RunName? activeRun)
    {
        if (from == to) return new HandMove.Nothing();
        if (!who.IsHuman && (to == Stage.Ready || who.Kind == PrincipalKind.Run)) return new HandMove.HumanOnly("moving a ticket on is the go, and only a human gives it");
        if (heldBy is not null) return new HandMove.Held($"{key} is held by {heldBy}; 'drover ticket release {key}' lets it go on");
        if (ByItsDeed(key, to) is { } how) return new HandMove.Illegal(how);
        if (!from.CanBecome(to)) return new HandMove.Illegal(NotFrom(key, from, to));
        return activeRun is { } run
            ? new HandMove.StillLive($"{run} works on {key}; stop it first: drover run stop {run}") : new HandMove.Allowed();
    }

    /// <summary>Stages that say what is happening are entered by doing it.</summary>
    private static string? ByItsDeed(TicketKey key, Stage to) => to switch
    {
        Stage.Coding => $"a ticket is in coding while an agent works on it: drover run start {key}",
        Stage.Merging => $"a ticket is in merging while its work lands: drover merge {key}",
        Stage.Done => $"a ticket is done when its work has landed: drover merge {key}; to close it without: drover ticket cancel {key}",
        Stage.Backlog or Stage.Ready or Stage.Review or Stage.Cancelled => null,
    };

    private static string NotFrom(TicketKey key, Stage from, Stage to) => from.IsFinal()
        ? $"{key} is {from.Word()}, and that is final; file a new ticket"
        : $"a ticket in {from.Word()} cannot move to {to.Word()}; it can move to {string.Join(", ", from.Next().Where(s => ByItsDeed(key, s) is null).Select(s => s.Word()))}";
}
