namespace Drover.EndToEnd.Rehearsal;

/// <summary>The environment of the programs under test: the tools' path, a home of their own, and nothing else of the user's.</summary>
internal static class Surroundings
{
    public static Dictionary<string, string> Of(Scratch scratch)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = scratch.Home,
            ["LANG"] = "C.UTF-8",
        };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet) environment["DOTNET_ROOT"] = dotnet;
        return environment;
    }

    /// <summary>The same with what makes the real CLI talk to the model server and to nobody else.</summary>
    public static Dictionary<string, string> OfClaude(Scratch scratch, string baseUrl, int retries = 1)
    {
        var environment = Of(scratch);
        environment["CLAUDE_CONFIG_DIR"] = Path.Combine(scratch.Home, ".claude");
        environment["ANTHROPIC_API_KEY"] = "test-key";
        environment["ANTHROPIC_BASE_URL"] = baseUrl;
        environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        environment["DISABLE_AUTOUPDATER"] = "1";
        environment["CLAUDE_CODE_MAX_RETRIES"] = retries.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return environment;
    }
}
