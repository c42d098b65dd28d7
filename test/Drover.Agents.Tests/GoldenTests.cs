using System.Text.Json.Nodes;
using Drover.Agents.Reading;
using Drover.Core;
using Xunit;

namespace Drover.Agents.Tests;

/// <summary>What the adapters make of recordings of the real agents.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Names => [.. Capture.All.Select(c => c.ToString())];

    internal static Capture Named(string name) => Capture.All.Single(c => c.ToString() == name);

    [Theory, MemberData(nameof(Names))]
    public void A_recording_gives_the_events_that_were_judged_right(string name)
    {
        var capture = Named(name);

        string[] events = [.. Replay.Of(capture).Events.Select(EventText.Of)];

        if (Environment.GetEnvironmentVariable("DROVER_GOLDEN") == "write") File.WriteAllLines(capture.EventsSource(), events);
        else Assert.Equal(File.ReadAllLines(capture.EventsFile), events);
    }

    /// <summary>The recordings in which the client did what the machine would not: it sent a second prompt into a running turn of an agent that cannot be
    /// steered, or a steer into none.</summary>
    private static readonly string[] s_foreign = ["acp-gemini/steer.transcript", "acp-opencode/steer.transcript", "acp-opencode/live-steer-then-cancel.transcript",
        "acp-claude-agent-acp/steer.transcript", "acp-claude-agent-acp/steer-then-cancel.transcript", "codex/app-server-steer.transcript"];

    [Theory, MemberData(nameof(Names))]
    public void The_machine_writes_what_the_recorded_client_wrote(string name)
    {
        var capture = Named(name);
        if (!capture.IsTranscript || s_foreign.Contains(name) || name.StartsWith("opencode/serve-", StringComparison.Ordinal)) return;

        var replay = Replay.Of(capture);

        // Of JSON-RPC all requests are the machine's too, those that nobody has to tell it; answers are what it was told.
        var told = replay.Told.Select(t => t.ToJsonString()).ToHashSet();
        var written = capture.Recording.Lines.Where(l => !l.FromAgent).Select(l => JsonNode.Parse(l.Bytes.Span)!.AsObject()).Where(m => m["method"] is not null || told.Contains(m.ToJsonString()));
        Assert.Equal(written.Select(Essence), replay.Frames.Select(Essence).Where(f => !f.Contains("session/set_mode") && !f.Contains("-32601") && !f.Contains("get_state")));
    }

    private static readonly string[] s_settings =
        ["mcpServers", "clientInfo", "clientCapabilities", "capabilities", "clientUserMessageId", "model", "approvalPolicy", "approvalsReviewer", "sandbox", "excludeTurns"];

    /// <summary>A frame without what may differ: ids that each client counts for itself, its name, what it offers.</summary>
    private static string Essence(JsonObject frame)
    {
        var copy = frame.DeepClone().AsObject();
        if (copy["method"] is not null) copy.Remove("id");
        if (copy["type"]?.GetValue<string>() == "control_request") copy.Remove("request_id");
        if (copy["method"]?.GetValue<string>().Split('/')[0] is "initialize" or "initialized" or "thread" or "turn")
        {
            foreach (var own in new[] { "capabilities", "approvalPolicy", "approvalsReviewer", "sandbox", "model", "developerInstructions", "config", "excludeTurns", "clientUserMessageId", "effort" }) copy["params"]?.AsObject().Remove(own);
        }

        copy.Remove("jsonrpc");
        copy.Remove("uuid");
        if (copy["type"]?.GetValue<string>() is "prompt" or "steer" or "follow_up" or "abort")
        {
            // One command does for all three.
            copy.Remove("id");
            copy.Remove("streamingBehavior");
            if (copy["message"] is not null) copy["type"] = "prompt";
        }

        copy["request"]?.AsObject().Remove("appendSystemPrompt");
        copy.Remove("jsonrpc");
        foreach (var setting in s_settings) copy["params"]?.AsObject().Remove(setting);
        return Sorted(copy).ToJsonString();
    }

    private static JsonNode Sorted(JsonNode node) => node is JsonObject o
        ? new JsonObject(o.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : Sorted(m.Value))))
        : node.DeepClone();

    [Theory, MemberData(nameof(Names))]
    public void A_machine_that_is_saved_and_loaded_before_every_line_tells_the_same(string name)
    {
        var capture = Named(name);

        var straight = Replay.Of(capture);
        var adopted = Replay.Adopted(capture);

        Assert.Equal(straight.Events.Select(EventText.Of), adopted.Events.Select(EventText.Of));
        Assert.Equal(straight.Frames.Select(f => f.ToJsonString()), adopted.Frames.Select(f => f.ToJsonString()));
    }

    [Theory, MemberData(nameof(Names))]
    public void The_vocabulary_is_used_in_its_order(string name)
    {
        var replay = Replay.Of(Named(name));

        Vocabulary.Check(replay.Events);
        Assert.False(replay.State.TurnOpen);
        Assert.DoesNotContain(replay.Events, e => e is AgentEvent.Malformed);
    }

    /// <summary>The recordings in which a second message was written into a running turn: without the client's side nobody can tell that from one message.</summary>
    private static bool IsSteered(Capture capture) => capture.Folder.StartsWith("acp-", StringComparison.Ordinal) && capture.Name.Contains("steer", StringComparison.Ordinal);

    [Theory, MemberData(nameof(Names))]
    public void What_the_agent_wrote_tells_how_its_turns_ended_without_the_clients_side_too(string name)
    {
        var capture = Named(name);
        if (!capture.IsTranscript || capture.Folder is "opencode" or "pi" || IsSteered(capture) || capture.Name.StartsWith("live-", StringComparison.Ordinal)) return;

        var oneWay = new Recording([.. capture.Recording.Lines.Where(l => l.FromAgent)], IsTranscript: false);

        Assert.Equal(Replay.Of(capture).Endings.Select(e => (e.Outcome, e.Class)), Replay.Of(capture, oneWay).Endings.Select(e => (e.Outcome, e.Class)));
    }
}
