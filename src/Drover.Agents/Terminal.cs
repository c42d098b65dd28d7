namespace Drover.Agents;

/// <summary>A command that an agent has its client run, as its machine remembers it. Whoever drives the machine looks at these whenever something has happened, and makes true
/// what is wanted; since the wish is in the checkpoint, it outlives a crash, and making it true may be tried again.</summary>
/// <param name="Id">Ours; unique in the life of the agent's process.</param>
/// <param name="Arguments">Program and arguments; never joined for a shell.</param>
public sealed record Terminal(string Id, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables that the command is to have beside the usual ones.</summary>
    public IReadOnlyList<TerminalVariable> Environment { get; init; } = [];

    /// <summary>Where it is to run, as the agent gave it: it may lie anywhere. Null: where the agent works.</summary>
    public string? Directory { get; init; }

    /// <summary>The most of the output's end that is given, in bytes.</summary>
    public int Limit { get; init; }

    public TerminalPhase Phase { get; init; }

    public TerminalWish Wish { get; init; }

    /// <summary>With which code it ended; 128 + signal when a signal ended it, null when Drover did or nobody knows.</summary>
    public int? Code { get; init; }

    /// <summary>Requests for what it has written so far. Each is answered with <see cref="Input.TerminalOutput"/>.</summary>
    public IReadOnlyList<string> Looks { get; init; } = [];

    /// <summary>The machine's own: the request that wants it started, and those that wait for its end, for its being killed, and for its being forgotten.</summary>
    public required string AskedBy { get; init; }

    public IReadOnlyList<string> Waits { get; init; } = [];

    /// <summary>Whether the agent waits for its end; otherwise it runs beside what the agent does.</summary>
    public bool IsAwaited => Phase == TerminalPhase.Running && Waits.Count > 0;

    public IReadOnlyList<string> Kills { get; init; } = [];

    public string? ReleasedBy { get; init; }
}

public sealed record TerminalVariable(string Name, string Value);

public enum TerminalPhase
{
    /// <summary>It is to be started. Answered with <see cref="Input.TerminalStarted"/>.</summary>
    Asked,

    /// <summary>It has been started. Its end is told with <see cref="Input.TerminalExited"/>.</summary>
    Running,

    Over,
}

public enum TerminalWish
{
    Run,

    /// <summary>It and all that it has started are to be ended; then <see cref="Input.TerminalExited"/>, or <see cref="Input.TerminalStarted"/> with a reason when it never was.</summary>
    End,

    /// <summary>The same, and what it has written is to go; then <see cref="Input.TerminalReleased"/>.</summary>
    Release,
}
