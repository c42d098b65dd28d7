using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Runs;

/// <summary>What one reading of an agent's output, or one command to it, leads to. It is stored in one transaction: either all of it has happened or nothing.</summary>
internal sealed class Batch(long inputEnd)
{
    public List<(AgentEvent Event, Slim.Place? Line)> Events { get; } = [];

    public List<(long Start, ReadOnlyMemory<byte> Bytes)> Frames { get; } = [];

    /// <summary>Steers that stand in the frames of this batch, with the offset after their frame.</summary>
    public List<(MessageId Steer, long FrameEnd)> Written { get; } = [];

    public long InputEnd { get; private set; } = inputEnd;

    public bool EndInput { get; private set; }

    public bool IsEmpty => Events.Count == 0 && Frames.Count == 0 && !EndInput;

    public void Add(Step step, Slim.Place? line)
    {
        foreach (var e in step.Events) Events.Add((e, line));
        foreach (var frame in step.Frames)
        {
            Frames.Add((InputEnd, frame));
            InputEnd += frame.Length;
        }

        EndInput |= step.EndInput;
    }
}
