using Drover.Core;

namespace Drover.Node.Keeping;

/// <summary>What is known of a job's process by looking at its directory and at the machine.</summary>
public abstract record JobState
{
    private JobState() { }

    /// <summary>No keeper has the job. <paramref name="Why"/> says what kept a start from happening, where one was tried.</summary>
    public sealed record NotStarted(string? Why) : JobState;

    /// <summary>A keeper has taken the job and has not yet written who it is.</summary>
    public sealed record Beginning : JobState;

    /// <param name="Keeper">The keeper's process; it lives as long as the agent, and a moment longer.</param>
    /// <param name="Containment">How the processes are held.</param>
    public sealed record Running(ProcessIdentity Keeper, Containment Containment) : JobState;

    /// <param name="Code">The exit code; 128 + n after signal n, 126 and 127 when the command could not be run.</param>
    public sealed record Exited(int Code) : JobState;

    /// <summary>The keeper is gone and has left no exit code. Processes of the agent may still be there: stop the job.</summary>
    public sealed record Gone(string Why) : JobState;

    /// <summary>The machine did not say. This is not a death; look again.</summary>
    public sealed record Unknown(string Why) : JobState;
}
