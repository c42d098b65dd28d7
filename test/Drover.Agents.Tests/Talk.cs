using System.Text.Json.Nodes;
using Drover.Core;

namespace Drover.Agents.Tests;

/// <summary>Machines that are ready for a prompt, and the agents' lines that tests need most.</summary>
internal static class Talk
{
    public static readonly MessageId First = new("aaaaaaaa-0000-4000-8000-000000000001");
    public static readonly MessageId Second = new("aaaaaaaa-0000-4000-8000-000000000002");
    public static readonly MessageId Third = new("aaaaaaaa-0000-4000-8000-000000000003");

    public const string Init = """{"type":"system","subtype":"init","session_id":"11111111-2222-4333-8444-555555555555","model":"m"}""";

    public const string Aborted = """{"type":"result","subtype":"error_during_execution","is_error":true,"terminal_reason":"aborted_streaming"}""";

    public static string Echo(MessageId message) => $$"""{"type":"user","message":{"role":"user","content":"x"},"uuid":"{{message}}","isReplay":true}""";

    public static JsonObject Assistant(string text) => new()
    {
        ["type"] = "assistant",
        ["message"] = new JsonObject
        {
            ["id"] = "msg_1",
            ["model"] = "m",
            ["stop_reason"] = null,
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
        },
    };

    public static JsonObject Result(string text) => new()
    {
        ["type"] = "result",
        ["subtype"] = "success",
        ["is_error"] = false,
        ["result"] = text,
        ["stop_reason"] = "end_turn",
        ["total_cost_usd"] = 0.5,
        ["usage"] = new JsonObject { ["input_tokens"] = 10, ["output_tokens"] = 5 },
        ["terminal_reason"] = "completed",
    };

    public static Driver Claude(bool sandboxed)
    {
        var driver = new Driver(Adapters.Find("claude")!, sandboxed);
        driver.Do(new Input.Begin());
        driver.Line("""{"type":"control_response","response":{"subtype":"success","request_id":"drover-hello","response":{}}}""");
        driver.Events.Clear();
        driver.Frames.Clear();
        return driver;
    }

    public static Driver Pi()
    {
        var driver = new Driver(Adapters.Find("pi")!);
        driver.Do(new Input.Begin());
        driver.Line(PiTalk.Hello);
        driver.Events.Clear();
        driver.Frames.Clear();
        return driver;
    }

    public static Driver Acp(bool sandboxed)
    {
        var driver = new Driver(Adapters.Find("acp")!, sandboxed);
        driver.Do(new Input.Begin());
        driver.Line("""{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":1,"agentCapabilities":{"loadSession":true}}}""");
        driver.Line("""{"jsonrpc":"2.0","id":2,"result":{"sessionId":"s-1"}}""");
        driver.Events.Clear();
        driver.Frames.Clear();
        return driver;
    }

    public static string Update(string update) => $$$"""{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s-1","update":{{{update}}}}}""";

    /// <summary>A turn's first sign, its plain end, and its end after an interrupt, in the driver's own protocol.</summary>
    public static void Works(this Driver driver)
    {
        if (driver.Adapter.Name == "codex") CodexLines.Works(driver);
        else if (driver.Adapter.Name == "pi") driver.TakesUp();
        else driver.Line(driver.Adapter.Name == "claude" ? Init : Update("""{"sessionUpdate":"agent_thought_chunk","content":{"type":"text","text":"hm"}}"""));
    }

    public static void Ends(this Driver driver) => driver.End("end_turn", Result("done").ToJsonString());

    public static void Aborts(this Driver driver) => driver.End("cancelled", Aborted);

    private static void End(this Driver driver, string stopReason, string result)
    {
        if (driver.Adapter.Name == "claude") driver.Line(result);
        else if (driver.Adapter.Name == "codex") CodexLines.Ends(driver, stopReason == "cancelled" ? "interrupted" : "completed");
        else if (driver.Adapter.Name == "pi") driver.Rests(stopReason == "cancelled" ? "aborted" : "stop");
        else driver.Line($$$"""{"id":{{{driver.Frames.Last(f => (string?)f["method"] == "session/prompt")["id"]}}},"result":{"stopReason":"{{{stopReason}}}"}}""");
    }

    /// <summary>The texts of the messages that were written, in order.</summary>
    public static IEnumerable<string> Written(this Driver driver) =>
        driver.Frames.Where(f => (string?)f["type"] == "user").Select(f => (string)f["message"]!["content"]!)
            .Concat(driver.Frames.Where(f => (string?)f["type"] == "prompt").Select(f => (string)f["message"]!))
            .Concat(driver.Frames.Where(f => (string?)f["method"] == "session/prompt").Select(f => (string)f["params"]!["prompt"]![0]!["text"]!))
            .Concat(driver.Frames.Where(f => (string?)f["method"] is "turn/start" or "turn/steer").DistinctBy(f => (string)f["params"]!["clientUserMessageId"]!)
                .Select(f => (string)f["params"]!["input"]![0]!["text"]!));

    public static IEnumerable<MessageId> Accepted(this Driver driver) => driver.Events.OfType<AgentEvent.MessageAccepted>().Select(e => e.Message);

    public static bool AskedToInterrupt(this Driver driver) =>
        driver.Frames.Any(f => (string?)f["type"] == "abort" || (string?)f["method"] is "session/cancel" or "turn/interrupt" || (string?)f["request"]?["subtype"] == "interrupt");
}
