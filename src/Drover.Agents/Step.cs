namespace Drover.Agents;

/// <summary>What one input leads to: the machine's next state, what happened, and the bytes to be written to the agent's standard input, in order.</summary>
/// <param name="Frames">Each frame is whole (it ends with its line feed) and is written exactly once.</param>
/// <param name="EndInput">Whether the agent's standard input is to be closed after the frames.</param>
public sealed record Step(MachineState State, IReadOnlyList<AgentEvent> Events, IReadOnlyList<ReadOnlyMemory<byte>> Frames, bool EndInput = false);

/// <summary>What a machine must remember. Immutable, and the whole of it is in the checkpoint.</summary>
public abstract record MachineState
{
    /// <summary>Whether the agent works or owes work: a turn runs, a written message is not yet taken up, or the machine holds one back that it will write.
    /// While this is true the agent's input must not be closed, nor the run settled as if it rested.</summary>
    public abstract bool TurnOpen { get; }

    /// <summary>How long the agent may be silent until it is told by <see cref="Input.Quiet"/> that what it owes is given up. Null as a rule: an agent that works
    /// may think as long as the run's limits let it.</summary>
    public virtual TimeSpan? Patience => null;

    /// <summary>Commands that are run for the agent, in the order it asked for them. Only where <see cref="LaunchRequest.Terminals"/> offered it.</summary>
    public virtual IReadOnlyList<Terminal> Terminals => [];
}

/// <summary>A machine's state as stored. An adapter reads the versions it knows and refuses others.</summary>
/// <param name="Version">Adapter name and number, for example <c>claude/1</c>.</param>
public sealed record Checkpoint(string Version, string Json);
