using System.Collections.Concurrent;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Model;

/// <summary>The only thing that the server remembers between requests: how often it has refused at a place of the script. A server started anew begins to count anew.</summary>
internal sealed class Refusals(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, int> counts = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> resets = new();

    /// <summary>Null when this step lets the request pass.</summary>
    /// <param name="place">Script, conversation, turn, reply and step.</param>
    public Trouble? Of(Step step, string place) => step switch
    {
        Step.Refuse refuse => counts.AddOrUpdate(place, 1, (_, count) => count + 1) <= (refuse.Times ?? int.MaxValue)
            ? new Trouble.Refused(refuse.Error, refuse.RetryAfter)
            : null,
        Step.UsageLimit limit => resets.GetOrAdd(place, time.GetUtcNow() + limit.ResetsIn) is var reset && reset - time.GetUtcNow() is var left && left > TimeSpan.Zero
            ? new Trouble.LimitReached(reset, left)
            : null,
        _ => null,
    };
}
