using System.Text.Json;

namespace Drover.Rehearsal.Agent;

/// <param name="Uuid">The sender's id of the message (stream-JSON), or null.</param>
/// <param name="RequestId">The JSON-RPC id to be answered when its turn ends (ACP), or null.</param>
internal sealed record UserMessage(string Text, string? Uuid, JsonElement? RequestId);

internal sealed record Permission(bool Allowed, string? Why);

/// <summary>What has been read from standard input and not yet been taken up. One thread reads and puts, the player takes and waits.</summary>
internal sealed class Inbox
{
    private readonly object gate = new();
    private readonly Queue<UserMessage> messages = new();
    private readonly Dictionary<string, Permission> permissions = [];
    private bool ended;
    private bool turnOpen;
    private bool interrupted;

    public void Put(UserMessage message)
    {
        lock (gate)
        {
            messages.Enqueue(message);
            Monitor.PulseAll(gate);
        }
    }

    public void Put(string permissionId, Permission permission)
    {
        lock (gate)
        {
            permissions[permissionId] = permission;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Ends the running turn, or the one that a message already put will open. Without either it does nothing.</summary>
    public void Interrupt()
    {
        lock (gate)
        {
            interrupted = turnOpen || messages.Count > 0;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Standard input has ended.</summary>
    public void End()
    {
        lock (gate)
        {
            ended = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Opens a turn with the next message; null when none will come any more.</summary>
    public UserMessage? OpenTurn()
    {
        lock (gate)
        {
            while (messages.Count == 0 && !ended) Monitor.Wait(gate);
            if (messages.Count == 0) return null;
            turnOpen = true;
            return messages.Dequeue();
        }
    }

    public void CloseTurn()
    {
        lock (gate)
        {
            turnOpen = false;
            interrupted = false;
        }
    }

    /// <summary>Everything said since the turn began, taken up at a tool boundary.</summary>
    public IReadOnlyList<UserMessage> TakeSteers()
    {
        lock (gate)
        {
            UserMessage[] steers = [.. messages];
            messages.Clear();
            return steers;
        }
    }

    public bool IsInterrupted
    {
        get { lock (gate) return interrupted; }
    }

    /// <summary>Waits until the condition holds, the turn is interrupted, or the time is over. Someone who makes the condition true must call <see cref="Nudge"/>.</summary>
    /// <returns>False when the turn was interrupted.</returns>
    public bool Wait(TimeSpan bound, Func<bool> condition)
    {
        var end = bound == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)Math.Ceiling(bound.TotalMilliseconds);
        lock (gate)
        {
            while (!interrupted && !condition())
            {
                var left = end - Environment.TickCount64;
                if (left <= 0) break;
                Monitor.Wait(gate, (int)Math.Min(int.MaxValue, left));
            }

            return !interrupted;
        }
    }

    public void Nudge()
    {
        lock (gate) Monitor.PulseAll(gate);
    }

    /// <summary>Null when the turn was interrupted or no answer can come any more.</summary>
    public Permission? AwaitPermission(string id)
    {
        Permission? answer = null;
        Wait(Timeout.InfiniteTimeSpan, () => permissions.Remove(id, out answer) || ended);
        return answer;
    }
}
