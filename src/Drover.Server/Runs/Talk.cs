using Drover.Agents;
using Drover.Core;
using Drover.Node.Keeping;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>The conversation between the server and one agent: the adapter's machine, what it has been told, and the storing of both. Nothing is written to
/// the agent that is not stored before, and nothing stored is written twice.</summary>
internal sealed class Talk
{
    private readonly RunPlace _place;
    private readonly IAdapter _adapter;
    private readonly Approving _approving;
    private readonly FileDesk _files;
    private readonly string _home;
    private readonly AgentInput _input;
    private RunRow _run;
    private MachineState _machine;
    private Batch _batch;
    private long _watermark;
    private bool _moved;

    /// <summary>The byte of the spool after the last line that the machine was given.</summary>
    private long _position;

    private Talk(RunPlace place, RunRow run, IAdapter adapter, MachineState machine, Approving approving, string home)
    {
        (_place, _run, _adapter, _machine, _approving, _home) = (place, run, adapter, machine, approving, home);
        _input = new(place, run.Id, place.Job(run.Id));
        _files = new(run.Worktree!, run.Role.Writes());
        _batch = new(run.Progress.InputEnd);
        _watermark = _position = run.Progress.Watermark;
    }

    /// <summary>The run as last stored or read.</summary>
    public RunRow Run => _run;

    public bool TurnOpen => _machine.TurnOpen;

    /// <summary>How long the agent may be silent until what it owes is given up; null while that is for the run's limits to say.</summary>
    public TimeSpan? Patience => _machine.Patience;

    /// <summary>Commands that the agent has us run.</summary>
    public IReadOnlyList<Terminal> Terminals => _machine.Terminals;

    public bool CanInterrupt => _adapter.Capabilities.Interrupts;

    /// <summary>Takes up the machine where the last transaction left it.</summary>
    public static Talk Open(RunPlace place, RunRow run, Launching launch)
    {
        var machine = place.Journal.Read(db => RunTable.CheckpointOf(db, run.Id)) is { } checkpoint
            ? launch.Adapter.Load(checkpoint) ?? Replay.Of(place, run, launch)
            : launch.Plan.State;
        return new(place, run, launch.Adapter, machine, new Approving(launch.Settings.Approvals?.ToPolicy(), launch.IsSandboxed, run.Worktree!), launch.Home);
    }

    /// <summary>Greets the agent and gives it the first prompt, once.</summary>
    public async Task Begin(string prompt, CancellationToken ct)
    {
        if (_run.Progress.PromptMessage is null)
        {
            var message = MessageId.New(_place.Random);
            _run = _run with { Progress = _run.Progress with { PromptMessage = message } };
            Apply(new Input.Begin());
            Apply(new Input.Prompt(message, prompt));
            await Store(ct);
        }

        _input.WriteTo(_run.Progress.InputEnd);
    }

    /// <summary>Gives the machine a line or a command; its answer waits to be stored.</summary>
    public IReadOnlyList<AgentEvent> Apply(Input input, Slim.Place? line = null)
    {
        if (input is not (Input.Line or Input.LineTooLong)) _batch.Inputs.Add((_position, input));
        else if (line is { } place) _position = place.Offset + place.Length + 1;
        var step = _adapter.Apply(_machine, input);
        _machine = step.State;
        _batch.Add(step, line);
        _moved |= step.Frames.Count > 0 || step.EndInput || step.Events.Any(MovesOn);
        foreach (var asked in step.Events.OfType<AgentEvent.ApprovalAsked>())
        {
            var verdict = _approving.Judge(asked);
            if (verdict.Choice == ApprovalChoice.Ask) continue;
            var allow = verdict.Choice == ApprovalChoice.Allow;
            _batch.Answered.Add((asked, allow, verdict.Why, Answer(asked.ApprovalId, allow, verdict.Why)));
        }

        foreach (var done in step.Events.Select(_files.Answer).OfType<Input.FileDone>()) Apply(done);

        return step.Events;
    }

    /// <summary>Whether anything was said since this was last asked that may lead to another step of the run: more than work going on.</summary>
    public bool TakeMoved()
    {
        if (!_moved) return false;
        _moved = false;
        return true;
    }

    private static bool MovesOn(AgentEvent e) => e is not (AgentEvent.Delta or AgentEvent.Said or AgentEvent.Thought or AgentEvent.ToolCalled
        or AgentEvent.ToolReturned or AgentEvent.Usage or AgentEvent.Raw);

    /// <summary>Gives the machine a message; it writes it when it may.</summary>
    public void Say(SteerRow steer)
    {
        _batch.Taken.Add(steer.Id);
        Apply(new Input.Say(steer.Id, steer.Text, steer.Mode));
    }

    /// <summary>Gives the machine an answer that others have stored.</summary>
    public void Answer(ApprovalRow settled) =>
        _batch.Given.Add((settled.Id, Answer(settled.VendorId, settled.State == ApprovalState.Allowed, settled.Why ?? $"denied by {settled.By}")));

    /// <summary>Where the frame of the answer ends; null when the agent does not wait for it.</summary>
    private long? Answer(string vendorId, bool allow, string why)
    {
        var before = _batch.InputEnd;
        Apply(new Input.Answer(vendorId, allow, allow ? null : why));
        return _batch.InputEnd > before ? _batch.InputEnd : null;
    }

    public void AskToCommit(string text)
    {
        _batch.CommitAsks++;
        Apply(new Input.Prompt(MessageId.New(_place.Random), text));
    }

    /// <summary>Waits no longer for what the agent owes beside its turn.</summary>
    public async Task GiveUp(CancellationToken ct)
    {
        Apply(new Input.Quiet());
        await Store(ct);
    }

    /// <summary>Goes on with the conversation after a wait.</summary>
    public void GoOn(string text) => Apply(new Input.Prompt(MessageId.New(_place.Random), text));

    /// <summary>Tells the machine that the process has ended. What it held back and never wrote stays queued: whether another process is given it or it is refused
    /// shows when it is known whether one follows.</summary>
    public void Exit(int? code, string lastErrors)
    {
        Apply(new Input.Exited(code, lastErrors));
        var queued = _place.Journal.Read(db => SteerTable.Open(db, _run.Id)).Where(s => s.State == SteerState.Queued).Select(s => s.Id).ToHashSet();
        _batch.Forget(e => e is AgentEvent.MessageRefused refused && queued.Contains(refused.Message));
    }

    public void ReadTo(long watermark) => _watermark = watermark;

    /// <summary>Stores what has gathered, with what <paramref name="also"/> does in the same transaction, then writes the agent's input up to what is stored.</summary>
    public async Task Store(CancellationToken ct, Action<Tx>? also = null)
    {
        ct.ThrowIfCancellationRequested();
        if (_batch.IsEmpty && _watermark == _run.Progress.Watermark && also is null) return;
        if (_watermark != _run.Progress.Watermark) _place.Crash.At(CrashPoint.OutputRead);
        var (batch, watermark, checkpoint, turnOpen) = (_batch, _watermark, _adapter.Save(_machine), _machine.TurnOpen);
        var progress = await _place.Journal.Do(batch.Frames.Count > 0 || also is not null ? Priority.Urgent : Priority.Bulk, tx =>
        {
            var stored = new BatchWriter(tx, _run, _home, () => MessageId.New(_place.Random)).Write(batch, watermark, turnOpen, checkpoint)
                ?? throw new InvalidOperationException($"run {_run.Id} has been read on by somebody else");
            also?.Invoke(tx);
            return stored;
        });
        _run = _run with { Progress = progress };
        _batch = new(progress.InputEnd);
        Publish(batch);
        if (batch.Frames.Count == 0) return;
        _place.Crash.At(CrashPoint.FramesStored);
        _input.WriteTo(progress.InputEnd);
        _place.Crash.At(CrashPoint.FramesWritten);
    }

    /// <summary>The keeper's process is known.</summary>
    public async Task Known(JobState.Running running)
    {
        await _place.Journal.Do(Priority.Urgent, tx => RunTable.RecordKeeper(tx, _run.Id, running.Keeper, running.Containment));
        _run = _run with { Process = running.Keeper, Containment = running.Containment };
    }

    /// <summary>A look at its process has failed, or succeeded again.</summary>
    public async Task Looked(bool failed)
    {
        DateTimeOffset? at = failed ? _place.Time.GetUtcNow() : null;
        await _place.Journal.Do(Priority.Urgent, tx => RunTable.RecordLook(tx, _run.Id, at));
        _run = _run with { LookFailedAt = at };
    }

    /// <summary>What others have changed in the row: a wish to stop, the state.</summary>
    public void Refresh()
    {
        if (_place.Journal.Read(db => RunTable.Get(db, _run.Id)) is { } row) _run = row with { Progress = _run.Progress };
    }

    /// <summary>Records why the run cannot go on; the first one stays.</summary>
    public async Task Fault(Fault fault, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await _place.Journal.Do(Priority.Urgent, tx => RunTable.RecordFault(tx, _run.Id, fault));
        _moved = true;
        Refresh();
    }

    private void Publish(Batch batch)
    {
        foreach (var happening in batch.Events)
        {
            if (happening.Event is AgentEvent.Delta delta) _place.Tell(new(_run.Project, _run.Ticket, _run.Id), delta.IsThought, delta.Piece);
        }
    }
}
