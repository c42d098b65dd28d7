using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Reading;

/// <summary>An event that was read of a recording.</summary>
/// <param name="Line">The number of the line at which it happened; null for what the process's end led to.</param>
public readonly record struct ReadEvent(int? Line, AgentEvent Event);

/// <summary>Plays a recording to an adapter's machine and gives the events that the machine makes of it: the same that a live run of the agent would have given.
/// Whatever the recording holds, nothing is thrown.</summary>
public sealed class Reader
{
    private readonly IAdapter _adapter;
    private readonly Playback _playback;
    private readonly Recording _recording;
    private readonly List<ReadOnlyMemory<byte>> _frames = [];
    private readonly List<ReadOnlyMemory<byte>> _told = [];
    private readonly Queue<ReadEvent> _events = new();
    private readonly HashSet<Core.MessageId> _steers = [];

    internal Reader(IAdapter adapter, Playback playback, Recording recording)
    {
        (_adapter, _playback, _recording) = (adapter, playback, recording);
        State = adapter.Plan(new(["recorded"], "/repo", "00000000-0000-4000-8000-000000000000", playback.ResumeId(recording), null, Sandboxed: false, playback.Options) { AsksApprovals = true, Forks = playback.Forks(recording) }).State;
    }

    /// <summary>Begins at the start of a recording.</summary>
    /// <param name="source">Whose it is; found by <see cref="Sources.Find"/>.</param>
    public static Reader Open(Source source, Recording recording)
    {
        var (adapter, playback) = source.Open(recording);
        return new(adapter, playback, recording);
    }

    /// <summary>The machine after the events that were taken so far.</summary>
    public MachineState State { get; private set; }

    /// <summary>What the machine wrote so far, and what of the recorded client's lines was told to it.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Frames => _frames;

    public IReadOnlyList<ReadOnlyMemory<byte>> Told => _told;

    /// <summary>Whether the message was written into a turn; else it opened one.</summary>
    public bool IsSteer(Core.MessageId message) => _steers.Contains(message);

    /// <summary>The events in order; to be taken once.</summary>
    public IEnumerable<ReadEvent> Read(Departure departure)
    {
        foreach (var input in _playback.Prelude(_recording)) Do(input, null);
        _events.Clear();
        _frames.Clear();
        foreach (var line in _recording.Lines)
        {
            if (line.FromAgent) Hear(line);
            else Write(line);
            foreach (var kept in _playback.Released()) Do(new Input.Line(kept), line.Number);
            while (_events.TryDequeue(out var e)) yield return e;
        }

        Do(new Input.Exited(departure.ExitCode, departure.Errors), null);
        while (_events.TryDequeue(out var e)) yield return e;
    }

    private void Hear(RecordedLine line)
    {
        if (line.TooLong is { } length)
        {
            Do(new Input.LineTooLong(length), line.Number);
            return;
        }

        var heard = Recording.Json(line.Bytes);
        if (heard is { } message && !_recording.IsTranscript)
        {
            foreach (var input in _playback.Before(message, State)) Do(input, line.Number);
        }

        if ((heard is { } known ? _playback.Heard(known, line.Bytes) : line.Bytes) is { } bytes) Do(new Input.Line(bytes), line.Number);
    }

    private void Write(RecordedLine line)
    {
        if (Recording.Json(line.Bytes) is not { } message || _playback.Written(message, State) is not { } wish) return;
        _told.Add(line.Bytes);
        if (wish is Input.Say say) _steers.Add(say.Message);
        Do(wish, line.Number);
    }

    private void Do(Input input, int? line)
    {
        var step = _adapter.Apply(State, input);
        State = step.State;
        foreach (var e in step.Events) _events.Enqueue(new(line, e));
        foreach (var frame in step.Frames)
        {
            _frames.Add(frame);
            if (Recording.Json(frame) is { } written && _playback.Wrote(written) is { } answer) Do(new Input.Line(answer), line);
        }
    }
}
