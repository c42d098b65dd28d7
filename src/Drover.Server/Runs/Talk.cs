using Drover.Agents;
using Drover.Core;
using Drover.Node.Keeping;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>The conversation between the server and one agent's process: the adapter's machine, the run's row, and the storing of both. Nothing is written to
/// the agent that is not stored before, and nothing stored is written twice.</summary>
internal sealed class Talk
{
    private readonly RunPlace _place;
    private readonly string _home;
    private readonly AgentInput _input;
    private RunRow _run;
    private long _watermark;

    private Talk(RunPlace place, RunRow run, AgentMachine machine, string home)
    {
        (_place, _run, Machine, _home) = (place, run, machine, home);
        _input = new(place, run.Id, place.Job(run.Id));
        _watermark = run.Progress.Watermark;
    }

    /// <summary>The run as last stored or read.</summary>
    public RunRow Run => _run;

    /// <summary>What it is given leads to nothing before <see cref="Store"/>.</summary>
    public AgentMachine Machine { get; }

    /// <summary>Takes up the machine where the last transaction left it.</summary>
    public static Talk Open(RunPlace place, RunRow run, Launching launch)
    {
        var state = place.Journal.Read(db => RunTable.CheckpointOf(db, run.Id)) is { } checkpoint
            ? launch.Adapter.Load(checkpoint) ?? Replay.Of(place, run, launch)
            : launch.Plan.State;
        var approving = new Approving(launch.Settings.Approvals?.ToPolicy(), launch.IsSandboxed, run.Worktree!);
        return new(place, run, new(launch.Adapter, state, approving, new(run.Worktree!, run.Role.Writes()), place.Random, run.Progress), launch.Home);
    }

    /// <summary>Greets the agent and gives it the first prompt, once.</summary>
    public async Task Begin(string prompt, CancellationToken ct)
    {
        if (_run.Progress.PromptMessage is null)
        {
            var message = MessageId.New(_place.Random);
            _run = _run with { Progress = _run.Progress with { PromptMessage = message } };
            Machine.Apply(new Input.Begin());
            Machine.Apply(new Input.Prompt(message, prompt));
            await Store(ct);
        }

        _input.WriteTo(_run.Progress.InputEnd);
    }

    /// <summary>Waits no longer for what the agent owes beside its turn.</summary>
    public async Task GiveUp(CancellationToken ct)
    {
        Machine.Apply(new Input.Quiet());
        await Store(ct);
    }

    public void ReadTo(long watermark) => _watermark = watermark;

    /// <summary>Stores what has gathered, with what <paramref name="also"/> does in the same transaction, then writes the agent's input up to what is stored.</summary>
    public async Task Store(CancellationToken ct, Action<Tx>? also = null)
    {
        ct.ThrowIfCancellationRequested();
        if (Machine.Gathered.IsEmpty && _watermark == _run.Progress.Watermark && also is null) return;
        if (_watermark != _run.Progress.Watermark) _place.Crash.At(CrashPoint.OutputRead);
        var (batch, watermark, checkpoint, turnOpen) = (Machine.Gathered, _watermark, Machine.Checkpoint, Machine.TurnOpen);
        var written = _input.Written;
        var progress = await _place.Journal.Do(batch.Frames.Count > 0 || also is not null ? Priority.Urgent : Priority.Bulk, tx =>
        {
            if (batch.Frames.Count > 0) FrameTable.DeleteWritten(tx, _run.Id, written);
            var stored = new BatchWriter(tx, _run, _home, () => MessageId.New(_place.Random)).Write(batch, watermark, turnOpen, checkpoint)
                ?? throw new InvalidOperationException($"run {_run.Id} has been read on by somebody else");
            also?.Invoke(tx);
            return stored;
        });
        _run = _run with { Progress = progress };
        Machine.BeginBatch(progress.InputEnd);
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
        Machine.Move();
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
