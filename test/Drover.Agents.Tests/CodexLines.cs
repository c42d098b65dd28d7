using System.Text.Json;
using System.Text.Json.Nodes;

namespace Drover.Agents.Tests;

/// <summary>The app server's lines.</summary>
internal static class CodexLines
{
    public const string Thread = "th-1";

    public static Driver Driver(bool sandboxed, string? resume = null)
    {
        var driver = new Driver(Adapters.Find("codex")!, sandboxed, resume);
        driver.Do(new Input.Begin());
        Open(driver);
        driver.Events.Clear();
        driver.Frames.Clear();
        return driver;
    }

    /// <summary>In the first turn, of which the message is read.</summary>
    public static Driver Working()
    {
        var driver = Driver(sandboxed: true);
        driver.Do(new Input.Prompt(Talk.First, "go"));
        driver.Works();
        driver.Frames.RemoveAll(f => (string?)f["method"] != "turn/start");
        return driver;
    }

    public static JsonObject Last(Driver driver, string method) => driver.Frames.Last(f => (string?)f["method"] == method);

    public static int Count(Driver driver, string method) => driver.Frames.Count(f => (string?)f["method"] == method);

    public static void Open(Driver driver)
    {
        driver.Line("""{"id":1,"result":{"userAgent":"drover/0.169.0 (Debian 12.0.0; x86_64) unknown (drover; 0.1.0)"}}""");
        driver.Line($$$"""{"id":2,"result":{"thread":{"id":"{{{Thread}}}"},"model":"gpt-5.5"}}""");
    }

    public static string Notice(string method, string parameters) => $$$"""{"method":"{{{method}}}","params":{"threadId":"{{{Thread}}}",{{{parameters}}}}}""";

    /// <summary>The id of the n-th turn that was asked for.</summary>
    public static string Turn(Driver driver) => $"t-{Starts(driver).Count()}";

    public static string Started(string turn) => Notice("turn/started", $$$"""
        "turn":{"id":"{{{turn}}}","status":"inProgress","error":null}
        """);

    public static string Completed(string turn, string status, string error = "null") => Notice("turn/completed", $$$"""
        "turn":{"id":"{{{turn}}}","status":"{{{status}}}","error":{{{error}}}}
        """);

    public static string Item(string method, string turn, string item) => Notice($"item/{method}", $$$"""
        "turnId":"{{{turn}}}","item":{{{item}}}
        """);

    /// <summary>The item by which the conversation shows a message of ours.</summary>
    public static string Shown(string turn, JsonObject frame) => Item("started", turn, new JsonObject
    {
        ["type"] = "userMessage",
        ["id"] = "u",
        ["clientId"] = frame["params"]!["clientUserMessageId"]!.DeepClone(),
        ["content"] = frame["params"]!["input"]!.DeepClone(),
    }.ToJsonString());

    public static string Said(string turn, string text) => Item("completed", turn, $$"""{"type":"agentMessage","id":"m","text":{{JsonSerializer.Serialize(text)}}}""");

    /// <summary>What a thread has used in all, and 100 and 20 of it with its last request.</summary>
    public static JsonObject Tokens(string thread, long input, long cached, long output) => new()
    {
        ["method"] = "thread/tokenUsage/updated",
        ["params"] = new JsonObject
        {
            ["threadId"] = thread,
            ["tokenUsage"] = new JsonObject
            {
                ["total"] = new JsonObject { ["inputTokens"] = input, ["cachedInputTokens"] = cached, ["outputTokens"] = output },
                ["last"] = new JsonObject { ["inputTokens"] = 100, ["cachedInputTokens"] = 0, ["outputTokens"] = 20 },
            },
        },
    };

    public static JsonObject Limits(int percent) => new()
    {
        ["method"] = "account/rateLimits/updated",
        ["params"] = new JsonObject
        {
            ["rateLimits"] = new JsonObject
            {
                ["primary"] = new JsonObject { ["usedPercent"] = percent, ["windowDurationMins"] = 300, ["resetsAt"] = 1795190000 },
                ["secondary"] = new JsonObject { ["usedPercent"] = 4, ["windowDurationMins"] = 10080, ["resetsAt"] = 1795500000 },
            },
        },
    };

    /// <summary>The message in a request of ours.</summary>
    public static string Text(JsonObject frame) => (string)frame["params"]!["input"]![0]!["text"]!;

    public static string Result(JsonObject frame, string result) => $$"""{"id":{{frame["id"]}},"result":{{result}}}""";

    public static string Error(JsonObject frame, string message) => $$$"""{"id":{{{frame["id"]}}},"error":{"code":-32600,"message":{{{JsonSerializer.Serialize(message)}}}}}""";

    /// <summary>The server answers, begins the turn and shows its message.</summary>
    public static void Works(Driver driver)
    {
        var (frame, turn) = (Starts(driver).Last(), Turn(driver));
        driver.Line(Result(frame, $$$"""{"turn":{"id":"{{{turn}}}","status":"inProgress"}}"""));
        driver.Line(Started(turn));
        driver.Line(Shown(turn, frame));
    }

    /// <summary>The turn ends; steers that the server had accepted and not taken up stay behind.</summary>
    public static void Ends(Driver driver, string status)
    {
        var turn = Turn(driver);
        foreach (var steer in driver.Frames.Where(f => (string?)f["method"] == "turn/steer" && (string?)f["params"]!["expectedTurnId"] == turn).ToList())
            driver.Line(Error(steer, "no active turn to steer"));
        driver.Line(Completed(turn, status));
    }

    public static IEnumerable<JsonObject> Starts(Driver driver) => driver.Frames.Where(f => (string?)f["method"] == "turn/start");
}
