using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Puts off the start of an agent that can take up its conversation only in another minute of the clock than the one it was made in. Until when
/// follows from the conversation's row, so that a restarted server waits as long.</summary>
internal sealed class NextMinute(RunPlace place, Talk talk, Launch plan)
{
    /// <summary>So that the last second of the minute is over for the agent as well, which reads the clock for itself.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>More than it ever is, unless the clock was set back.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);

    /// <summary>False when the run is to end meanwhile.</summary>
    public async Task<bool> Wait(CancellationToken ct)
    {
        if (!plan.ResumesNextMinute || Until() is not { } until) return true;
        if (until - place.Time.GetUtcNow() is { Ticks: > 0 } ahead && ahead < s_longest) await Begin(until);
        while (Until() - place.Time.GetUtcNow() is { Ticks: > 0 } left && left < s_longest)
        {
            await Task.Delay(left < s_look ? left : s_look, place.Time, ct);
            talk.Refresh();
            if (talk.Run is { Stop: not null } or { Fault: not null }) return false;
        }

        await place.Journal.Do(Priority.Urgent, tx => RunTable.ForgoWait(tx, talk.Run.Id));
        talk.Refresh();
        return true;
    }

    private DateTimeOffset? Until()
    {
        if ((talk.Run.Conversation.Id ?? talk.Run.ForkOf) is not { } id || place.Journal.Read(db => ConversationTable.Get(db, id)) is not { CreatedAt: var made }) return null;
        return made.AddTicks(-(made.Ticks % s_minute.Ticks)) + s_minute + s_margin;
    }

    private async Task Begin(DateTimeOffset until)
    {
        var run = talk.Run;
        await place.Journal.Do(Priority.Urgent, tx =>
        {
            if (!RunTable.BeginWait(tx, run.Id, until)) return;
            tx.Emit(EventTypes.RunWaiting, new(run.Project, run.Ticket, run.Id), RunActor.Loop, EventBody.Object(
                ("until", until), ("reason", "the agent can take up a conversation only in another minute of the clock than the one it was made in")));
        });
        talk.Refresh();
    }
}
