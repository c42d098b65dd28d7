using System.Text.Json.Nodes;

namespace Drover.Agents.Tests;

/// <summary>pi's side of a conversation, as pi 0.74.2 speaks.</summary>
internal static class PiTalk
{
    public const string Hello =
        """{"id":"drover-hello","type":"response","command":"get_state","success":true,"data":{"sessionId":"s-1","sessionFile":"/homes/pi/s-1.jsonl","model":{"id":"m"},"isStreaming":false}}""";

    private static readonly string[] s_messages = ["prompt"];

    /// <summary>It works on its first prompt.</summary>
    public static Driver Prompted()
    {
        var driver = Talk.Pi();
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.TakesUp();
        return driver;
    }

    /// <summary>The messages that were written, with their ids.</summary>
    public static IReadOnlyList<JsonObject> Messages(this Driver driver) => [.. driver.Frames.Where(f => s_messages.Contains((string?)f["type"]))];

    public static void Acknowledges(this Driver driver, JsonObject command) => driver.Line(new JsonObject
    {
        ["id"] = command["id"]!.DeepClone(),
        ["type"] = "response",
        ["command"] = command["type"]!.DeepClone(),
        ["success"] = true,
    });

    /// <summary>Its loop begins with the last message that was written.</summary>
    public static void TakesUp(this Driver driver)
    {
        var message = driver.Messages()[^1];
        driver.Acknowledges(message);
        driver.Line("""{"type":"agent_start"}""");
        driver.Reads((string)message["message"]!);
    }

    public static void Reads(this Driver driver, string text) => driver.Line(Message("message_start", "user", text));

    public static void Says(this Driver driver, string text, string stop = "stop", string? error = null)
    {
        driver.Line(Message("message_start", "assistant", ""));
        driver.Line(Message("message_end", "assistant", text, stop, error));
    }

    /// <summary>The run's last line, and no answer yet to the question that follows it.</summary>
    public static void Stops(this Driver driver, string stop = "stop", string? error = null) => driver.Line(new JsonObject
    {
        ["type"] = "agent_end",
        ["messages"] = new JsonArray(Message("x", "assistant", "done", stop, error)["message"]!.DeepClone()),
    });

    /// <summary>Answers the last question whether it rests.</summary>
    public static void Tells(this Driver driver, bool works = false, int queued = 0) => driver.Line(new JsonObject
    {
        ["id"] = driver.Frames.Last(f => (string?)f["type"] == "get_state")["id"]!.DeepClone(),
        ["type"] = "response",
        ["command"] = "get_state",
        ["success"] = true,
        ["data"] = new JsonObject { ["isStreaming"] = works, ["isCompacting"] = false, ["pendingMessageCount"] = queued, ["sessionId"] = "s-1", ["sessionFile"] = "/homes/pi/s-1.jsonl", ["model"] = new JsonObject { ["id"] = "m" } },
    });

    public static void Rests(this Driver driver, string stop = "stop", string? error = null, int queued = 0)
    {
        driver.Stops(stop, error);
        driver.Tells(queued: queued);
    }

    private static JsonObject Message(string type, string role, string text, string? stop = null, string? error = null)
    {
        var message = new JsonObject { ["role"] = role, ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }) };
        if (stop is not null) message["stopReason"] = stop;
        if (error is not null) message["errorMessage"] = error;
        if (role == "assistant") message["usage"] = new JsonObject { ["input"] = 10, ["output"] = 5, ["cacheRead"] = 2, ["cacheWrite"] = 1, ["cost"] = new JsonObject { ["total"] = 0.5 } };
        return new JsonObject { ["type"] = type, ["message"] = message };
    }
}
