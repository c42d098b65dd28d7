using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>Stores a batch: events, the machine's checkpoint, the watermark, the frames, and the rows that the events speak of, in the one transaction it is given.</summary>
/// <param name="home">Where the agent keeps its conversations: one is only to be had again with the same.</param>
internal sealed class BatchWriter(Tx tx, RunRow run, string home, Func<MessageId> newId)
{
    private readonly Subject _about = new(run.Project, run.Ticket, run.Id);
    private readonly Principal _agent = RunActor.AgentOf(run.Id);
    private RunProgress _progress = run.Progress;

    /// <summary>The progress after the batch; null when the run is settled or somebody else has read on: then nothing may be stored.</summary>
    public RunProgress? Write(Batch batch, long watermark, bool turnOpen, Checkpoint checkpoint)
    {
        foreach (var (position, input) in batch.Inputs) InputTable.Insert(tx, run.Id, position, InputJson.Write(input));
        foreach (var steer in batch.Taken) SteerTable.Taken(tx, steer);
        foreach (var (approval, frameEnd) in batch.Given) ApprovalTable.Taken(tx, approval, frameEnd);
        foreach (var happening in batch.Events) Write(happening, batch);
        if (batch.Frames.Count > 0 && FrameTable.Append(tx, run.Id, batch.Frames) is null) return null;
        _progress = _progress with
        {
            Watermark = watermark,
            InputEnd = batch.InputEnd,
            InputClosed = _progress.InputClosed || batch.EndInput,
            TurnOpen = turnOpen,
            CommitAsks = _progress.CommitAsks + batch.CommitAsks,
            LastEventAt = batch.Events.Any(e => e.Line is not null && Watchdog.IsSign(e.Event)) ? tx.Now : _progress.LastEventAt,
        };
        return RunTable.RecordProgress(tx, run.Id, run.Progress.Watermark, _progress, checkpoint) ? _progress : null;
    }

    private void Write(Happening happening, Batch batch)
    {
        if (Slim.Of(happening.Event, happening.Line) is var (type, data)) tx.Emit(type, _about, _agent, data);
        switch (happening.Event)
        {
            case AgentEvent.HandshakeAnswered: _progress = _progress with { HandshakeAt = tx.Now }; break;
            case AgentEvent.ConversationStarted c: Conversation(c); break;
            case AgentEvent.MessageWritten m: Written(m.Message, happening.InputEnd); break;
            case AgentEvent.MessageAccepted m: Accepted(m.Message); break;
            case AgentEvent.MessageRefused m: Refused(m.Message, m.Why); break;
            case AgentEvent.MessageUnanswered m when SteerTable.Unknown(tx, m.Message, m.Why):
                tx.Emit(EventTypes.SteerUnknown, _about, _agent, EventBody.Object(("steer", m.Message.Value), ("why", m.Why))); break;
            case AgentEvent.TurnStarted: TurnTable.Open(tx, run.Id, null); break;
            case AgentEvent.TurnEnded t: TurnEnded(t); break;
            case AgentEvent.ToolCalled { InBackground: false }: _progress = _progress with { OpenTools = _progress.OpenTools + 1 }; break;
            case AgentEvent.ToolReturned returned:
                if (run.Wait.InARow > 0) RunTable.ForgetWaits(tx, run.Id);
                _progress = _progress with { OpenTools = Math.Max(0, _progress.OpenTools - (returned.InBackground ? 0 : 1)), LimitedUntil = null }; break;
            case AgentEvent.Said or AgentEvent.Thought: _progress = _progress with { LimitedUntil = null }; break;
            case AgentEvent.Usage u: Usage(new(u.Input, u.Output, u.CacheRead, u.CacheWrite, u.Usd)); break;
            case AgentEvent.Limit { Rejected: true } l: _progress = _progress with { LimitedUntil = l.ResetsAt }; break;
            case AgentEvent.ApprovalAsked a: Asked(a, happening.Line, batch); break;
            case AgentEvent.ApprovalWithdrawn w: Settle(w.ApprovalId, ApprovalState.Expired, _agent, "the agent took the question back", null); break;
            default: break;
        }
    }

    private void Conversation(AgentEvent.ConversationStarted started)
    {
        if (RunTable.Get(tx, run.Id)?.Conversation.VendorId == started.VendorId) return;
        // One that the run had before, and has come back to.
        var known = ConversationTable.ByVendorId(tx, run.Id, started.VendorId);
        var id = known?.Id ?? newId();
        if (known is null) ConversationTable.Insert(tx, new(id, run.Project, run.Attempt, run.Id, run.Node, run.Adapter, home, run.Worktree ?? "", started.VendorId, started.Model, tx.Now));
        RunTable.RecordConversation(tx, run.Id, new(id, started.VendorId), started.Model);
    }

    private void Written(MessageId message, long inputEnd)
    {
        if (RunTable.EndWait(tx, run.Id)) _progress = _progress with { LimitedUntil = null };
        if (SteerTable.Written(tx, message, inputEnd))
        {
            tx.Emit(EventTypes.SteerWritten, _about, RunActor.Loop, EventBody.Object(("steer", message.Value)));
            return;
        }

        if (message == _progress.PromptMessage) _progress = _progress with { PromptWrittenAt = tx.Now };
        tx.Emit(EventTypes.PromptWritten, _about, RunActor.Loop, EventBody.Object(("message", message.Value)));
    }

    private void Accepted(MessageId message)
    {
        if (SteerTable.Acknowledged(tx, message)) tx.Emit(EventTypes.SteerAcknowledged, _about, _agent, EventBody.Object(("steer", message.Value)));
        else tx.Emit(EventTypes.PromptAccepted, _about, _agent, EventBody.Object(("message", message.Value)));
        // The first prompt as a rule; another one when that was cut short before it was taken up.
        if (_progress.AcceptedAt is not null) return;
        _progress = _progress with { AcceptedAt = tx.Now };
        if (RunTable.Move(tx, run.Id, RunState.Starting, RunState.Live)) tx.Emit(EventTypes.RunLive, _about, RunActor.Loop);
    }

    private void Refused(MessageId message, string why)
    {
        var isSteer = SteerTable.Refused(tx, message, why);
        tx.Emit(isSteer ? EventTypes.SteerRefused : EventTypes.PromptRefused, _about, _agent,
            EventBody.Object((isSteer ? "steer" : "message", message.Value), ("why", why)));
    }

    private void TurnEnded(AgentEvent.TurnEnded ended)
    {
        var result = new TurnResult(ended.Ending.Outcome, ended.Ending.Class, ended.Ending.Reason, ended.Ending.Retryable, ended.Ending.ResetsAt);
        TurnTable.EndUnannounced(tx, run.Id, result);
        _progress = _progress with { OpenTools = 0 };
        RunTable.RecordResult(tx, run.Id, new() { Summary = ended.Summary });
    }

    private void Usage(RunUsage usage)
    {
        RunTable.AddUsage(tx, run.Id, usage);
        TurnTable.AddUsage(tx, run.Id, usage);
    }

    private void Asked(AgentEvent.ApprovalAsked asked, Slim.Place? line, Batch batch)
    {
        // The machine passes over what it is asked twice: this is another question under an id that stood for an earlier one, and no answer to that may become one to this.
        Settle(asked.ApprovalId, ApprovalState.Expired, _agent, "the agent has used its id for another question", null);
        ApprovalTable.LeaveUntaken(tx, run.Id, asked.ApprovalId);
        var id = newId();
        ApprovalTable.Insert(tx, new(id, run.Id, asked.ApprovalId, asked.Tool, asked.Detail, ApprovalState.Pending, null, null, tx.Now, null) { What = asked.What });
        tx.Emit(EventTypes.ApprovalAsked, _about, _agent, Slim.Asked(id, asked, line));
        foreach (var (answered, allow, why, frameEnd) in batch.Answered)
        {
            if (ReferenceEquals(answered, asked)) Settle(asked.ApprovalId, allow ? ApprovalState.Allowed : ApprovalState.Denied, Principal.Server("policy"), why, frameEnd);
        }
    }

    /// <summary>An answer that nobody else need give the machine: it has it, or wants none any more.</summary>
    private void Settle(string vendorId, ApprovalState state, Principal by, string why, long? frameEnd)
    {
        if (ApprovalTable.Pending(tx, run.Id, vendorId) is not { } asked || !ApprovalTable.Settle(tx, asked.Id, state, by, why)) return;
        ApprovalTable.Taken(tx, asked.Id, frameEnd);
        tx.Emit(EventTypes.ApprovalSettled, _about, by, EventBody.Object(("approval", asked.Id.Value), ("state", state.Word()), ("why", why)));
    }
}
