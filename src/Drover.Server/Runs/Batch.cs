using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Runs;

/// <summary>What one reading of an agent's output, or one command to it, leads to. It is stored in one transaction: either all of it has happened or nothing.</summary>
/// <param name="inputEnd">Where the agent's input ends before it, in bytes.</param>
internal sealed class Batch(long inputEnd)
{
    public List<Happening> Events { get; } = [];

    public List<ReadOnlyMemory<byte>> Frames { get; } = [];

    /// <summary>Steers that the machine has been given.</summary>
    public List<MessageId> Taken { get; } = [];

    /// <summary>What the machine was given beside lines, with the byte of the spool at which it was: with them a machine can be made anew.</summary>
    public List<(long Position, Input Input)> Inputs { get; } = [];

    /// <summary>Questions of the agent that policy has answered.</summary>
    public List<(AgentEvent.ApprovalAsked Asked, bool Allow, string Why, long? FrameEnd)> Answered { get; } = [];

    /// <summary>Answers that were stored by others and that the machine has been given, with the end of the frame it made of each.</summary>
    public List<(MessageId Approval, long? FrameEnd)> Given { get; } = [];

    public long InputEnd { get; private set; } = inputEnd;

    public bool EndInput { get; private set; }

    /// <summary>How many requests for a commit it holds.</summary>
    public int CommitAsks { get; set; }

    public bool IsEmpty => Events.Count == 0 && Frames.Count == 0 && Taken.Count == 0 && Given.Count == 0 && Inputs.Count == 0 && !EndInput;

    /// <summary>Leaves out events that mean nothing as things are.</summary>
    public void Forget(Predicate<AgentEvent> isMeaningless) => Events.RemoveAll(e => isMeaningless(e.Event));

    public void Add(Step step, Slim.Place? line)
    {
        foreach (var frame in step.Frames)
        {
            Frames.Add(frame);
            InputEnd += frame.Length;
        }

        foreach (var e in step.Events) Events.Add(new(e, line, InputEnd));
        EndInput |= step.EndInput;
    }
}

/// <param name="Line">The line it was made of.</param>
/// <param name="InputEnd">Where the agent's input ended after the step that gave it.</param>
internal readonly record struct Happening(AgentEvent Event, Slim.Place? Line, long InputEnd);
