using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Drover.Core;

namespace Drover.Agents.Tests;

/// <summary>Drives a machine as the run loop does and keeps what comes out.</summary>
public sealed class Driver
{
    public Driver(IAdapter adapter, bool sandboxed = false, string? resume = null, string? model = null)
    {
        Adapter = adapter;
        State = adapter.Plan(Requests.For(adapter.Name, sandboxed, resume, model)).State;
    }

    public IAdapter Adapter { get; }

    public MachineState State { get; set; }

    public List<AgentEvent> Events { get; } = [];

    public List<JsonObject> Frames { get; } = [];

    public bool InputEnded { get; private set; }

    /// <summary>Whether each step goes through a checkpoint, as if the server had died before it.</summary>
    public bool Adopts { get; init; }

    public Step Do(Input input)
    {
        if (Adopts) State = Adapter.Load(Adapter.Save(State)) ?? throw new InvalidOperationException("the machine does not know its own checkpoint");
        var step = Adapter.Apply(State, input);
        State = step.State;
        Events.AddRange(step.Events);
        foreach (var frame in step.Frames)
        {
            if (InputEnded) throw new InvalidOperationException("a frame after the input was closed");
            if (frame.Span[^1] != '\n' || frame.Span[..^1].Contains((byte)'\n')) throw new InvalidOperationException("a frame is one line");
            Frames.Add(JsonNode.Parse(frame.Span)!.AsObject());
        }

        InputEnded |= step.EndInput;
        return step;
    }

    public Step Line(string json) => Do(new Input.Line(Encoding.UTF8.GetBytes(json)));

    public Step Line(JsonNode json) => Line(json.ToJsonString());

    public IReadOnlyList<TurnEnding> Endings => [.. Events.OfType<AgentEvent.TurnEnded>().Select(e => e.Ending)];

    public int Count<T>() where T : AgentEvent => Events.OfType<T>().Count();
}

public static class Requests
{
    public const string Conversation = "11111111-2222-4333-8444-555555555555";

    public static LaunchRequest For(string adapter, bool sandboxed, string? resume = null, string? model = null) =>
        new(adapter == "acp" ? ["some-agent", "--acp"] : [], "/repo", Conversation, resume, model, sandboxed, new Dictionary<string, string>());
}

/// <summary>Plays a recording: the agent's lines go to the machine, and where the recorded client wrote something, the machine is told to do the same.</summary>
public sealed class Replay
{
    private readonly Driver _driver;
    private readonly Dictionary<string, string> _ids = [];
    private readonly Queue<string> _recorded = new();
    private int _seen, _messages;

    private Replay(Driver driver) => _driver = driver;

    /// <summary>What the recorded client wrote, without what it alone asked for.</summary>
    public List<JsonObject> Expected { get; } = [];

    public static (Driver Driver, Replay Replay) Of(Capture capture, bool adopts = false) =>
        Of(capture, capture.Lines.Select(l => (l.FromAgent, l.Message.ToJsonString())), adopts);

    /// <summary>Plays lines of which the agent's need not be JSON.</summary>
    public static (Driver Driver, Replay Replay) Of(Capture capture, IEnumerable<(bool FromAgent, string Json)> lines, bool adopts = false)
    {
        var loaded = capture.Lines.Where(l => !l.FromAgent).Select(l => l.Message).FirstOrDefault(m => Method(m) == "session/load");
        var driver = new Driver(capture.Adapter, resume: loaded?["params"]?["sessionId"]?.GetValue<string>()) { Adopts = adopts };
        var replay = new Replay(driver);
        foreach (var (_, message) in capture.Lines.Where(l => !l.FromAgent && Method(l.Message) is not (null or "session/cancel")))
            replay._recorded.Enqueue(message["id"]?.ToJsonString() ?? "");
        if (capture.Folder == "claude" && capture.IsTranscript && capture.Lines[0].Message["type"]!.GetValue<string>() != "control_request") replay.GreetFirst();
        foreach (var (fromAgent, json) in lines)
        {
            if (!fromAgent) replay.Write(JsonNode.Parse(json)!.AsObject());
            else if (Parsed(json) is { } message) driver.Line(replay.Translated(message));
            else driver.Line(json);
            replay.AnswerSettings();
        }

        driver.Do(new Input.Exited(capture.Exit.Code, capture.Exit.Errors));
        return (driver, replay);
    }

    private static JsonObject? Parsed(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Method(JsonObject message) => message["method"]?.GetValue<string>();

    /// <summary>Some recordings were made without a handshake.</summary>
    private void GreetFirst()
    {
        _driver.Do(new Input.Begin());
        _driver.Line("""{"type":"control_response","response":{"subtype":"success","request_id":"drover-hello"}}""");
        _driver.Frames.Clear();
        _driver.Events.Clear();
    }

    private void Write(JsonObject message)
    {
        if (_driver.Adapter.Name == "claude") WriteClaude(message);
        else WriteAcp(message);
    }

    private void WriteClaude(JsonObject message)
    {
        switch (message["type"]!.GetValue<string>(), message["request"]?["subtype"]?.GetValue<string>())
        {
            case ("control_request", "initialize"):
                _ids[message["request_id"]!.GetValue<string>()] = "drover-hello";
                message["request"]!.AsObject().Remove("appendSystemPrompt");
                _driver.Do(new Input.Begin());
                break;
            case ("control_request", "interrupt"):
                if (!_driver.State.TurnOpen) return; // one that had nothing to interrupt
                _driver.Do(new Input.Interrupt());
                _ids[message["request_id"]!.GetValue<string>()] = _driver.Frames[^1]["request_id"]!.GetValue<string>();
                break;
            case ("control_request", _): return; // the recorded client's own curiosity
            case ("control_response", _):
                var response = message["response"]!;
                var allow = response["response"]!["behavior"]!.GetValue<string>() == "allow";
                _driver.Do(new Input.Answer(response["request_id"]!.GetValue<string>(), allow, response["response"]!["message"]?.GetValue<string>()));
                break;
            default:
                var id = message["uuid"]?.GetValue<string>() ?? $"bbbbbbbb-0000-4000-8000-{++_messages:d12}";
                message["uuid"] = id;
                _driver.Do(new Input.Say(new(id), message["message"]!["content"]!.GetValue<string>(), SteerMode.Now));
                break;
        }

        Expected.Add(message);
    }

    private void WriteAcp(JsonObject message)
    {
        var outcome = (message["result"] as JsonObject)?["outcome"];
        switch (Method(message))
        {
            case "initialize": _driver.Do(new Input.Begin()); break;
            case "session/prompt":
                _driver.Do(new Input.Say(new($"bbbbbbbb-0000-4000-8000-{++_messages:d12}"), message["params"]!["prompt"]![0]!["text"]!.GetValue<string>(), SteerMode.Now));
                break;
            case "session/cancel": _driver.Do(new Input.Interrupt()); break;
            case null when outcome is not null:
                _driver.Do(new Input.Answer(message["id"]!.ToJsonString(), !outcome["optionId"]!.GetValue<string>().StartsWith("reject", StringComparison.Ordinal), null));
                break;
            case null: return; // an answer to a request that we do not offer
        }

        Expected.Add(message);
    }

    /// <summary>The recorded client's ids in the agent's answers become ours.</summary>
    private JsonObject Translated(JsonObject message)
    {
        var request = (string?)message["response"]?["request_id"];
        if (request is not null && _ids.TryGetValue(request, out var ours))
            message["response"]!["request_id"] = ours;
        if (_driver.Adapter.Name != "acp" || Method(message) is not null || message["id"] is not { } id) return message;
        message["id"] = _ids.TryGetValue(id.ToJsonString(), out var known) ? JsonNode.Parse(known) : 1000 + id.GetValue<int>();
        return message;
    }

    private void AnswerSettings()
    {
        for (; _seen < _driver.Frames.Count; _seen++)
        {
            var frame = _driver.Frames[_seen];
            if (Method(frame) is not { } method || frame["id"] is not { } id) continue;
            if (method.StartsWith("session/set_", StringComparison.Ordinal)) _driver.Line(new JsonObject { ["id"] = id.DeepClone(), ["result"] = new JsonObject() });
            else if (_recorded.TryDequeue(out var recorded)) _ids[recorded] = id.ToJsonString();
        }
    }
}

public static class EventText
{
    private static readonly JsonSerializerOptions s_options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One event as a line of a golden file.</summary>
    public static string Of(AgentEvent e)
    {
        var members = JsonSerializer.SerializeToNode(e, e.GetType(), s_options)!.AsObject();
        var line = new JsonObject { ["event"] = e.GetType().Name };
        foreach (var (name, value) in members.ToList())
        {
            members.Remove(name);
            if (value is JsonObject { Count: 1 } id && id["Value"] is { } word) line[name] = word.DeepClone();
            else if (name == "What") Add(line, name, Asked(((AgentEvent.ApprovalAsked)e).What));
            else if (name == "Ending") line[name] = Ending(((AgentEvent.TurnEnded)e).Ending);
            else if (value is not null) line[name] = value is JsonValue v && v.TryGetValue<string>(out var s) && s.Length > 400 ? s[..400] + "…" : value;
        }

        if (line["Class"] is { } number) line["Class"] = ((FailureClass)number.GetValue<int>()).Word();
        return line.ToJsonString(s_options);
    }

    private static void Add(JsonObject line, string name, string? text)
    {
        if (text is not null) line[name] = text;
    }

    /// <summary>Null when the adapter has read nothing of the question.</summary>
    private static string? Asked(AskedFor what) => what == AskedFor.Unknown ? null
        : string.Join(" | ", new[] { what.Kind.Word(), what.Command, string.Join(", ", what.Files), what.Diff, what.Text, what.IsCut ? "cut" : null }.Where(t => !string.IsNullOrEmpty(t)));

    public static string Ending(TurnEnding ending) =>
        ending.Outcome.Word() + (ending.Class is { } c ? $"/{c.Word()}" : "") + (ending.Retryable ? " retryable" : "")
        + (ending.ResetsAt is { } at ? $" until {at:yyyy-MM-ddTHH:mm:ssZ}" : "") + $": {ending.Reason}";
}
