using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Drover.Agents.Reading;
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

    public Step Do(Input input)
    {
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

/// <summary>A recording as it was read.</summary>
public sealed class Replay
{
    private Replay(Reader reader, Departure departure)
    {
        Events = [.. reader.Read(departure).Select(e => e.Event)];
        (State, Frames, Told) = (reader.State, [.. reader.Frames.Select(Json)], [.. reader.Told.Select(Json)]);
    }

    public IReadOnlyList<AgentEvent> Events { get; }

    /// <summary>What the machine wrote.</summary>
    public IReadOnlyList<JsonObject> Frames { get; }

    /// <summary>What the recorded client wrote and the machine was told to do too.</summary>
    public IReadOnlyList<JsonObject> Told { get; }

    public MachineState State { get; }

    public IReadOnlyList<TurnEnding> Endings => [.. Events.OfType<AgentEvent.TurnEnded>().Select(e => e.Ending)];

    public static Replay Of(Capture capture) => Of(capture, capture.Recording);

    public static Replay Of(Capture capture, Recording recording) => new(Reader.Open(Sources.Find(capture.Folder)!, recording), capture.Departure);

    /// <summary>With a machine that goes through a checkpoint before each step, as if the server had died there.</summary>
    public static Replay Adopted(Capture capture)
    {
        var (adapter, playback) = Sources.Find(capture.Folder)!.Open(capture.Recording);
        return new(new(new Adopting(adapter), playback, capture.Recording), capture.Departure);
    }

    private static JsonObject Json(ReadOnlyMemory<byte> line) => JsonNode.Parse(line.Span)!.AsObject();

    private sealed class Adopting(IAdapter inner) : IAdapter
    {
        public string Name => inner.Name;

        public AdapterCapabilities Capabilities => inner.Capabilities;

        public Launch Plan(LaunchRequest request) => inner.Plan(request);

        public Step Apply(MachineState state, Input input) =>
            inner.Apply(inner.Load(inner.Save(state)) ?? throw new InvalidOperationException("the machine does not know its own checkpoint"), input);

        public Checkpoint Save(MachineState state) => inner.Save(state);

        public MachineState? Load(Checkpoint checkpoint) => inner.Load(checkpoint);
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
            else if (name == "InBackground" && !value!.GetValue<bool>()) continue;
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
