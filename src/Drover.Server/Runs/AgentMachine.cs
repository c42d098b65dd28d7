using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>An adapter's machine for one agent's process, and what it has led to since that was last stored. It touches no row: <see cref="Talk"/> stores what gathers.</summary>
internal sealed class AgentMachine(IAdapter adapter, MachineState state, Approving approving, FileDesk files, Random random, RunProgress progress)
{
    private MachineState _state = state;
    private bool _moved;

    /// <summary>The byte of the spool after the last line that it was given.</summary>
    private long _position = progress.Watermark;

    /// <summary>What waits to be stored.</summary>
    public Batch Gathered { get; private set; } = new(progress.InputEnd);

    public Checkpoint Checkpoint => adapter.Save(_state);

    public bool TurnOpen => _state.TurnOpen;

    /// <summary>How long the agent may be silent until what it owes is given up; null while that is for the run's limits to say.</summary>
    public TimeSpan? Patience => _state.Patience;

    /// <summary>Commands that the agent has us run.</summary>
    public IReadOnlyList<Terminal> Terminals => _state.Terminals;

    public bool CanInterrupt => adapter.Capabilities.Interrupts;

    /// <summary>What had gathered is stored.</summary>
    /// <param name="inputEnd">Where the stored frames end, in bytes.</param>
    public void BeginBatch(long inputEnd) => Gathered = new(inputEnd);

    /// <summary>Gives the machine a line or a command; its answer waits to be stored.</summary>
    public IReadOnlyList<AgentEvent> Apply(Input input, Slim.Place? line = null)
    {
        if (input is not (Input.Line or Input.LineTooLong)) Gathered.Inputs.Add((_position, input));
        else if (line is { } place) _position = place.Offset + place.Length + 1;
        var step = adapter.Apply(_state, input);
        _state = step.State;
        Gathered.Add(step, line);
        _moved |= step.Frames.Count > 0 || step.EndInput || step.Events.Any(MovesOn);
        foreach (var asked in step.Events.OfType<AgentEvent.ApprovalAsked>())
        {
            var verdict = approving.Judge(asked);
            if (verdict.Choice == ApprovalChoice.Ask) continue;
            var allow = verdict.Choice == ApprovalChoice.Allow;
            Gathered.Answered.Add((asked, allow, verdict.Why, Answer(asked.ApprovalId, allow, verdict.Why)));
        }

        foreach (var done in step.Events.Select(files.Answer).OfType<Input.FileDone>()) Apply(done);

        return step.Events;
    }

    /// <summary>Something has happened that may lead to another step of the run.</summary>
    public void Move() => _moved = true;

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
        Gathered.Taken.Add(steer.Id);
        Apply(new Input.Say(steer.Id, steer.Text, steer.Mode));
    }

    /// <summary>Gives the machine an answer that others have stored.</summary>
    public void Answer(ApprovalRow settled) =>
        Gathered.Given.Add((settled.Id, Answer(settled.VendorId, settled.State == ApprovalState.Allowed, settled.Why ?? $"denied by {settled.By}")));

    /// <summary>Where the frame of the answer ends; null when the agent does not wait for it.</summary>
    private long? Answer(string vendorId, bool allow, string why)
    {
        var before = Gathered.InputEnd;
        Apply(new Input.Answer(vendorId, allow, allow ? null : why));
        return Gathered.InputEnd > before ? Gathered.InputEnd : null;
    }

    public void AskToCommit(string text)
    {
        Gathered.CommitAsks++;
        Apply(new Input.Prompt(MessageId.New(random), text));
    }

    /// <summary>Goes on with the conversation after a wait.</summary>
    public void GoOn(string text) => Apply(new Input.Prompt(MessageId.New(random), text));

    /// <summary>The process has ended. What the machine held back and never wrote stays queued: whether another process is given it or it is refused shows when it is known
    /// whether one follows.</summary>
    /// <param name="queued">Messages that were never written.</param>
    public void Exit(int? code, string lastErrors, IReadOnlySet<MessageId> queued)
    {
        Apply(new Input.Exited(code, lastErrors));
        Gathered.Forget(e => e is AgentEvent.MessageRefused refused && queued.Contains(refused.Message));
    }
}
