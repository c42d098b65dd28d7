namespace Drover.Core;

/// <summary>Where a ticket goes when a run on it has settled.</summary>
public abstract record TicketMove
{
    private TicketMove() { }

    public sealed record Stay : TicketMove;

    public sealed record To(Stage Stage, string Reason) : TicketMove;

    /// <summary>It stays where it is and says why nothing goes on.</summary>
    public sealed record Block(string Reason) : TicketMove;
}

public static class TicketRules
{
    /// <summary>What the end of its newest coder run means for a ticket that is being coded.</summary>
    /// <param name="ending">How the newest coder run settled.</param>
    public static TicketMove AfterCoder(Stage stage, RunName run, Ending ending)
    {
        if (stage != Stage.Coding) return new TicketMove.Stay();
        return ending.Outcome switch
        {
            Outcome.Succeeded => new TicketMove.To(Stage.Review, $"{run} succeeded"),
            Outcome.Failed => new TicketMove.Block($"{run} failed ({(ending.Class ?? FailureClass.Other).Word()}): {ending.Reason}"),
            Outcome.Interrupted => new TicketMove.Block($"{run} was interrupted: {ending.Reason}"),
            Outcome.Stopped => new TicketMove.Block($"{run} was stopped by {ending.Actor}: {ending.Reason}"),
            Outcome.Lost => new TicketMove.Block($"{run} was lost: {ending.Reason}"),
        };
    }
}
