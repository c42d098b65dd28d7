namespace Drover.Core.Tests.Simulation;

/// <summary>A ticket's row.</summary>
internal sealed class SimTicket
{
    public required TicketKey Key { get; init; }

    public required int Priority { get; init; }

    public required ReviewWay Review { get; init; }

    public IReadOnlyList<TicketKey> DependsOn { get; init; } = [];

    public string? Prefers { get; init; }

    public Stage Stage { get; set; } = Stage.Ready;

    public DateTimeOffset Since { get; set; }

    public bool Held { get; set; }

    public string? Blocked { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    public bool NeedsMerger { get; set; }

    public int Retries { get; set; }

    public int Rounds { get; set; }

    public PipelineTicket Facts => new(Stage, Held, Review, Retries, Rounds);
}

/// <summary>A run's row: how it will end is written with it, as a seeded agent's fate, and nobody looks at that before.</summary>
internal sealed record SimRun(BoardRun Row, DateTimeOffset EndsAt, Ending Ending);
