using System.Text;
using Drover.Agents;
using Drover.Core;
using Drover.Node.Processes;
using Drover.Server.Runs;

namespace Drover.Server.Conformance;

/// <summary>A conversation with one agent's process, held by its adapter's machine as in a real run, but without journal and keeper.</summary>
internal sealed class AgentTalk : IAsyncDisposable
{
    private const int MostMalformed = 1000;

    /// <summary>More than any play makes: a program that goes on so is not waited for.</summary>
    private const int MostEvents = 20_000;

    private const int KeptLines = 3;
    private static readonly TimeSpan ExitBound = TimeSpan.FromSeconds(5);

    private readonly IAdapter _adapter;
    private readonly PipedProcess _process;
    private readonly FileDesk _files;
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly List<AgentEvent> _events = [];
    private readonly Queue<string> _lastLines = new();
    private MachineState _state;
    private int _malformed;
    private int _raw;
    private bool _isGivenUp;

    private AgentTalk(IAdapter adapter, MachineState state, PipedProcess process, FileDesk files, Random random, TimeProvider time) =>
        (_adapter, _state, _process, _files, _random, _time) = (adapter, state, process, files, random, time);

    /// <summary>Whether what it asks for is allowed at once; else the question stays open.</summary>
    public bool AllowsAll { get; set; } = true;

    /// <summary>The process is gone and its output is read.</summary>
    public bool HasEnded { get; private set; }

    public bool TurnOpen => _state.TurnOpen;

    /// <summary>How many events there were so far: from here on something may be awaited.</summary>
    public int Mark => _events.Count;

    public string? Conversation => _events.OfType<AgentEvent.ConversationStarted>().LastOrDefault()?.VendorId;

    public static async Task<AgentTalk> Begin(IAdapter adapter, Launch launch, PipedProcess process, FileDesk files, Random random, TimeProvider time, CancellationToken token)
    {
        var talk = new AgentTalk(adapter, launch.State, process, files, random, time);
        await talk.Give(new Input.Begin(), token);
        return talk;
    }

    public IEnumerable<AgentEvent> Since(int mark) => _events.Skip(mark);

    public async Task<MessageId> Prompt(string text, CancellationToken token)
    {
        var message = MessageId.New(_random);
        await Give(new Input.Prompt(message, text), token);
        return message;
    }

    public async Task<MessageId> Say(string text, CancellationToken token)
    {
        var message = MessageId.New(_random);
        await Give(new Input.Say(message, text, SteerMode.Now), token);
        return message;
    }

    public async Task Give(Input input, CancellationToken token)
    {
        var step = _adapter.Apply(_state, input);
        _state = step.State;
        _events.AddRange(step.Events.Where(e => e is not (AgentEvent.Delta or AgentEvent.Raw)));
        _malformed += step.Events.OfType<AgentEvent.Malformed>().Count();
        _raw += step.Events.OfType<AgentEvent.Raw>().Count();
        foreach (var frame in step.Frames) await _process.Write(frame, token);
        if (step.EndInput) _process.EndInput();
        foreach (var done in step.Events.Select(_files.Answer).OfType<Input.FileDone>()) await Give(done, token);
        if (!AllowsAll) return;
        foreach (var asked in step.Events.OfType<AgentEvent.ApprovalAsked>()) await Give(new Input.Answer(asked.ApprovalId, Allow: true, null), token);
    }

    /// <summary>The first such event after the mark; null when the bound is over or the process is gone before it came.</summary>
    public async Task<AgentEvent?> Until(int mark, Func<AgentEvent, bool> isIt, TimeSpan bound, CancellationToken token)
    {
        using var limit = new CancellationTokenSource(bound, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        while (true)
        {
            for (; mark < _events.Count; mark++)
                if (isIt(_events[mark])) return _events[mark];
            if (HasEnded) return null;
            try
            {
                await ReadOne(either.Token, token);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    /// <summary>The same for the end of a turn.</summary>
    public async Task<TurnEnding?> End(int mark, TimeSpan bound, CancellationToken token) =>
        (await Until(mark, e => e is AgentEvent.TurnEnded, bound, token) as AgentEvent.TurnEnded)?.Ending;

    /// <summary>Kills the process with all it started, and reads what it still said. False when something of it is left.</summary>
    public async Task<bool> Kill(CancellationToken token)
    {
        var gone = await _process.Kill();
        await Until(Mark, _ => false, ExitBound, token);
        return gone;
    }

    /// <summary>What people want to see when a step has failed.</summary>
    public IReadOnlyList<string> Evidence()
    {
        var errors = _process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(5).Select(l => $"standard error: {Short(l)}");
        return [.. errors, .. _lastLines.Select(l => $"standard output: {l}")];
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <param name="patience">Ends the waiting, but never what is done about a line that came.</param>
    private async Task ReadOne(CancellationToken patience, CancellationToken token)
    {
        if (!await _process.Lines.WaitToReadAsync(patience))
        {
            // Its output is closed: it is about to end, or lives on without being able to say anything.
            if (!await _process.WaitForExit(ExitBound)) await _process.Kill();
            await Give(new Input.Exited(_process.ExitCode, LastErrors()), token);
            HasEnded = true;
            return;
        }

        while (_process.Lines.TryRead(out var line))
        {
            if (_isGivenUp) continue;
            Keep(line);
            await Give(line.Length > Adapter.LongestLine ? new Input.LineTooLong(line.Length) : new Input.Line(line.Bytes), token);
            if (_malformed <= MostMalformed && _raw + _events.Count <= MostEvents) continue;
            _isGivenUp = true;
            await _process.Kill();
        }
    }

    private void Keep(PipedLine line)
    {
        _lastLines.Enqueue(Short(Encoding.UTF8.GetString(line.Bytes.Span[..Math.Min(line.Bytes.Length, 2000)])));
        while (_lastLines.Count > KeptLines) _lastLines.Dequeue();
    }

    private string LastErrors() => string.Join('\n', _process.Errors.Split('\n').TakeLast(20));

    private static string Short(string text) => text.Length > 300 ? text[..300] + " …" : text;
}
