using System.Text.Json.Nodes;

namespace Drover.Agents.Pi;

internal static class PiPreset
{
    public static readonly Preset It = new("pi", "pi", "pi", ["pi"], true, "npm install -g @earendil-works/pi-coding-agent")
    {
        Login = new([], "Type /login and choose a provider; then leave it with /quit."),
        AgainstModelServer = url => new(new Dictionary<string, string> { ["REHEARSAL_API_KEY"] = "rehearsal" })
        {
            Model = "rehearsal/rehearsal-model",
            Files = new Dictionary<string, string> { ["models.json"] = Models(url), ["settings.json"] = """{"retry":{"baseDelayMs":100}}""" },
        },
    };

    /// <summary>The key is named, not written: pi takes it from that variable.</summary>
    private static string Models(string url) => new JsonObject
    {
        ["providers"] = new JsonObject
        {
            ["rehearsal"] = new JsonObject
            {
                ["baseUrl"] = url + "/v1",
                ["api"] = "openai-completions",
                ["apiKey"] = "REHEARSAL_API_KEY",
                ["models"] = new JsonArray(new JsonObject
                {
                    ["id"] = "rehearsal-model",
                    ["name"] = "Rehearsal",
                    ["reasoning"] = false,
                    ["input"] = new JsonArray("text"),
                    ["contextWindow"] = 200_000,
                    ["maxTokens"] = 8192,
                    ["cost"] = new JsonObject { ["input"] = 3, ["output"] = 15, ["cacheRead"] = 0.3, ["cacheWrite"] = 3.75 },
                }),
            },
        },
    }.ToJsonString();
}
