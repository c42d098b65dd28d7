using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Brings the agent the answers to its questions: those that others have stored, and the one that stands for none in time. Only time counts in which the
/// machine and the server were awake.</summary>
internal sealed class Answering(RunPlace place, Talk talk, ApprovalPolicy policy)
{
    private static readonly TimeSpan StoreEvery = TimeSpan.FromSeconds(30);

    private readonly long _began = place.Time.GetTimestamp();
    private readonly Dictionary<MessageId, (TimeSpan Now, TimeSpan Stored)> _waited = [];
    private WatchClock _clock;

    /// <summary>How many questions wait for an answer, as last looked.</summary>
    public int Open { get; private set; }

    /// <summary>True when the agent was given an answer.</summary>
    public async Task<bool> Do(CancellationToken ct)
    {
        await Wait();
        var untaken = place.Journal.Read(db => ApprovalTable.Untaken(db, talk.Run.Id));
        if (untaken.Count == 0) return false;
        place.Crash.At(CrashPoint.AnswerRecorded);
        foreach (var answer in untaken) talk.Machine.Answer(answer);
        await talk.Store(ct);
        return true;
    }

    private async Task Wait()
    {
        (_clock, var passed) = _clock.Look(place.Time.GetElapsedTime(_began));
        var pending = place.Journal.Read(db => ApprovalTable.Pending(db, talk.Run.Id));
        Open = pending.Count;
        foreach (var asked in pending)
        {
            var (now, stored) = _waited.TryGetValue(asked.Id, out var known) ? (known.Now + passed, known.Stored) : (asked.Waited, asked.Waited);
            _waited[asked.Id] = (now, stored);
            if (now >= policy.Timeout) await Expire(asked);
            else if (now - stored > StoreEvery) await Store(asked.Id, now);
        }
    }

    private Task Store(MessageId id, TimeSpan waited)
    {
        _waited[id] = (waited, waited);
        return place.Journal.Do(Priority.Urgent, tx => ApprovalTable.RecordWaited(tx, id, waited));
    }

    /// <summary>Somebody may answer in this very moment; then his answer stands.</summary>
    private async Task Expire(ApprovalRow asked)
    {
        var allow = policy.OnTimeout == ApprovalChoice.Allow;
        var why = $"nobody answered within {policy.Timeout:g}" + (allow ? ", and on_timeout is allow" : "");
        var settled = await place.Journal.Do(Priority.Urgent, tx => ApprovalSettling.Settle(
            tx, talk.Run, asked.Id, allow ? ApprovalState.Allowed : ApprovalState.Expired, Principal.Server("timeout"), why));
        if (settled) Open--;
    }
}
