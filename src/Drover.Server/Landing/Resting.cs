using System.Collections.Concurrent;
using Drover.Core;

namespace Drover.Server.Landing;

/// <summary>Until when a ticket is left alone: it waits for somebody, or a step of it has failed.</summary>
internal sealed class Resting(TimeProvider time)
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(15);

    /// <summary>What a ticket waits for may come without an event: a branch that is moved by hand, a checkout that is tidied up.</summary>
    private static readonly TimeSpan WhileWaiting = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TicketKey, DateTimeOffset> _until = new();

    public bool Rests(TicketKey ticket) => _until.TryGetValue(ticket, out var until) && until > time.GetUtcNow();

    public void Waits(TicketKey ticket) => _until[ticket] = time.GetUtcNow() + WhileWaiting;

    public void HadTrouble(TicketKey ticket) => _until[ticket] = time.GetUtcNow() + AfterTrouble;

    public void End(TicketKey ticket) => _until.TryRemove(ticket, out _);
}
