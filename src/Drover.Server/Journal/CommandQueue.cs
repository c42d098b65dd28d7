using System.Diagnostics;

namespace Drover.Server.Journaling;

/// <summary>What waits for the writer. Urgent commands overtake bulk ones. Both queues are bounded: who finds one full waits, without blocking a thread.</summary>
internal sealed class CommandQueue
{
    /// <summary>The most commands that wait at once, of each priority.</summary>
    private const int Longest = 1024;

    private const int GroupAtMost = 500;

    /// <summary>How long a group goes on taking commands. A person's command waits at most this and a commit.</summary>
    private static readonly TimeSpan GroupTime = TimeSpan.FromMilliseconds(15);

    /// <summary>How long bulk commands wait for others: agents write at the same tick, and one commit for all of them costs what one for each would.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(4);

    private readonly Lane urgent = new();
    private readonly Lane bulk = new();
    private readonly object gate = new();
    private bool closed;

    /// <exception cref="JournalClosedException">The journal is being closed.</exception>
    internal async Task Add(Priority priority, Command command)
    {
        var lane = priority switch
        {
            Priority.Urgent => urgent,
            Priority.Bulk => bulk,
        };
        await lane.Room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        lock (gate)
        {
            if (closed)
            {
                lane.Room.Release();
                throw new JournalClosedException();
            }

            lane.Commands.Enqueue(command);
            if (lane == urgent || lane.Commands.Count == 1) Monitor.Pulse(gate);
        }
    }

    /// <summary>Blocks until a command waits; null when the queue is closed and empty.</summary>
    internal Command? WaitForNext()
    {
        lock (gate)
        {
            while (urgent.Commands.Count + bulk.Commands.Count == 0 && !closed) Monitor.Wait(gate);
            var began = Stopwatch.GetTimestamp();
            while (urgent.Commands.Count == 0 && !closed && GatherTime - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } left) Monitor.Wait(gate, left);
            return Take_UnderGate();
        }
    }

    /// <summary>The next command of a group; null when the group is to be committed.</summary>
    /// <param name="open">How long the group has been open.</param>
    internal Command? NextOf(int groupSize, TimeSpan open)
    {
        if (groupSize >= GroupAtMost || open >= GroupTime) return null;
        lock (gate) return Take_UnderGate();
    }

    /// <summary>Takes nothing new; what is queued is still given out.</summary>
    internal void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }

    private Command? Take_UnderGate()
    {
        foreach (var lane in (ReadOnlySpan<Lane>)[urgent, bulk])
        {
            if (!lane.Commands.TryDequeue(out var command)) continue;
            lane.Room.Release();
            return command;
        }

        return null;
    }

    private sealed class Lane
    {
        internal readonly Queue<Command> Commands = new();
        internal readonly SemaphoreSlim Room = new(Longest);
    }
}
