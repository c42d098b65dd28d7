using System.Text.Json;

namespace Drover.EndToEnd.Rehearsal;

/// <summary>Starts a real CLI with one prompt, in a home of its own and with the model server for its vendor's.</summary>
internal static class OneShot
{
    public static async Task<Talk> Start(string agent, Scratch scratch, string url, string prompt)
    {
        var environment = Surroundings.Of(scratch);
        environment["TMPDIR"] = Directory.CreateDirectory(scratch.PathOf("tmp")).FullName;
        string[] arguments = agent switch
        {
            "codex" => Codex(scratch, environment, url, prompt),
            "gemini" => Gemini(scratch, environment, url, prompt),
            "opencode" => OpenCode(environment, url, prompt),
            "pi" => Pi(scratch, environment, url, prompt),
            "qwen" => Qwen(environment, url, prompt),
            _ => throw new ArgumentOutOfRangeException(nameof(agent)),
        };
        return Talk.Start(await Agents.Program(agent), arguments, scratch.Repository, environment);
    }

    private static string[] Codex(Scratch scratch, Dictionary<string, string> environment, string url, string prompt)
    {
        environment["MODEL_KEY"] = "test-key";
        Furnish(scratch, ".codex/config.toml", $"""
            model = "gpt-5.5"
            model_provider = "rehearsal"
            check_for_update_on_startup = false
            [model_providers.rehearsal]
            name = "rehearsal"
            base_url = "{url}/v1"
            env_key = "MODEL_KEY"
            wire_api = "responses"
            request_max_retries = 1
            stream_max_retries = 1
            supports_websockets = false
            [analytics]
            enabled = false
            [features]
            plugins = false
            """);
        return ["exec", "--json", "--dangerously-bypass-approvals-and-sandbox", prompt];
    }

    private static string[] Gemini(Scratch scratch, Dictionary<string, string> environment, string url, string prompt)
    {
        environment["GEMINI_API_KEY"] = "test-key";
        environment["GOOGLE_GEMINI_BASE_URL"] = url;
        environment["GEMINI_CLI_NO_RELAUNCH"] = "true";
        Furnish(scratch, ".gemini/settings.json", """
            {
              "security": {"auth": {"selectedType": "gemini-api-key"}, "folderTrust": {"enabled": false}},
              "general": {"enableAutoUpdate": false, "enableAutoUpdateNotification": false},
              "privacy": {"usageStatisticsEnabled": false}
            }
            """);
        return ["-o", "stream-json", "--skip-trust", "--approval-mode", "yolo", "-m", "gemini-2.5-pro", "-p", prompt];
    }

    private static string[] OpenCode(Dictionary<string, string> environment, string url, string prompt)
    {
        var model = new { name = "Rehearsal", tool_call = true, limit = new { context = 200000, output = 8192 } };
        var provider = new { npm = "@ai-sdk/openai-compatible", name = "Rehearsal", options = new { baseURL = $"{url}/v1", apiKey = "test-key" }, models = new { model } };
        environment["OPENCODE_CONFIG_CONTENT"] = JsonSerializer.Serialize(new
        {
            autoupdate = false,
            share = "disabled",
            model = "rehearsal/model",
            small_model = "rehearsal/model",
            enabled_providers = new[] { "rehearsal" },
            provider = new { rehearsal = provider },
            permission = "allow",
        });
        foreach (var what in new[] { "MODELS_FETCH", "AUTOUPDATE", "LSP_DOWNLOAD", "DEFAULT_PLUGINS" }) environment[$"OPENCODE_DISABLE_{what}"] = "1";
        return ["run", "--format", "json", prompt];
    }

    private static string[] Pi(Scratch scratch, Dictionary<string, string> environment, string url, string prompt)
    {
        environment["MODEL_KEY"] = "test-key";
        environment["PI_OFFLINE"] = "1";
        environment["PI_TELEMETRY"] = "0";
        var model = new { id = "model", name = "Rehearsal", reasoning = false, input = new[] { "text" }, contextWindow = 200000, maxTokens = 8192 };
        var provider = new { baseUrl = $"{url}/v1", api = "openai-completions", apiKey = "MODEL_KEY", models = new[] { model } };
        Furnish(scratch, ".pi/agent/models.json", JsonSerializer.Serialize(new { providers = new { rehearsal = provider } }));
        return ["--mode", "json", "--provider", "rehearsal", "--model", "model", "-p", prompt];
    }

    private static string[] Qwen(Dictionary<string, string> environment, string url, string prompt)
    {
        environment["OPENAI_API_KEY"] = "test-key";
        environment["OPENAI_BASE_URL"] = $"{url}/v1";
        environment["OPENAI_MODEL"] = "model";
        environment["QWEN_CODE_NO_RELAUNCH"] = "true";
        return ["-o", "stream-json", "--auth-type", "openai", "--approval-mode", "yolo", prompt];
    }

    private static void Furnish(Scratch scratch, string name, string text)
    {
        var file = Path.Combine(scratch.Home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
