using Drover.Core;

namespace Drover.Agents;

/// <summary>All that can happen to an adapter's machine.</summary>
public abstract record Input
{
    private Input() { }

    /// <summary>One line of the agent's standard output, without its line feed. Longer lines than <see cref="Adapter.LongestLine"/> never get here.</summary>
    public sealed record Line(ReadOnlyMemory<byte> Bytes) : Input;

    /// <summary>A line was longer than is accepted and has been passed over.</summary>
    public sealed record LineTooLong(long Bytes) : Input;

    /// <summary>The process is up: greet it.</summary>
    public sealed record Begin : Input;

    /// <summary>A prompt that opens a turn, or waits until the agent can take one.</summary>
    public sealed record Prompt(MessageId Message, string Text) : Input;

    /// <summary>A message to the running turn, or after it, or instead of it.</summary>
    public sealed record Say(MessageId Message, string Text, SteerMode Mode) : Input;

    /// <summary>End the turn, keep the conversation.</summary>
    public sealed record Interrupt : Input;

    /// <summary>The answer to <see cref="AgentEvent.ApprovalAsked"/>.</summary>
    public sealed record Answer(string ApprovalId, bool Allow, string? Why) : Input;

    /// <summary>The answer to <see cref="AgentEvent.FileReadAsked"/> or <see cref="AgentEvent.FileWriteAsked"/>.</summary>
    /// <param name="Text">What was read, when it was; for a refusal, why.</param>
    public sealed record FileDone(string RequestId, FileResult Result, string Text) : Input;

    /// <summary>The agent was silent for longer than <see cref="MachineState.Patience"/>: what it still owes will not come.</summary>
    public sealed record Quiet : Input;

    /// <summary>A command of <see cref="MachineState.Terminals"/> runs, or cannot.</summary>
    /// <param name="Why">Null when it runs.</param>
    public sealed record TerminalStarted(string Terminal, string? Why) : Input;

    /// <summary>What such a command has written so far.</summary>
    /// <param name="RequestId">One of <see cref="Terminal.Looks"/>.</param>
    /// <param name="Text">The end of it.</param>
    /// <param name="IsCut">Whether there was more.</param>
    public sealed record TerminalOutput(string RequestId, string Text, bool IsCut) : Input;

    /// <summary>Such a command has ended, and all that it had started.</summary>
    /// <param name="Code">128 + signal when a signal ended it; null when Drover did or nobody knows.</param>
    public sealed record TerminalExited(string Terminal, int? Code) : Input;

    /// <summary>Such a command has ended and its output is gone.</summary>
    public sealed record TerminalReleased(string Terminal) : Input;

    /// <summary>No more prompts will come: the agent may end. Messages still held back are refused.</summary>
    public sealed record Finish : Input;

    /// <summary>The agent's process has ended and its output is read to the end.</summary>
    /// <param name="ExitCode">128 + signal when a signal ended it; null when unknown.</param>
    /// <param name="LastErrors">The last lines of its standard error.</param>
    public sealed record Exited(int? ExitCode, string LastErrors) : Input;
}

/// <summary>What became of a file that an agent wanted read or written.</summary>
public enum FileResult
{
    Done,

    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>It may not or could not be done.</summary>
    Refused,
}
