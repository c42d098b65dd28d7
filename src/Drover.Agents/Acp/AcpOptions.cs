namespace Drover.Agents.Acp;

/// <summary>The settings under <c>options:</c> of an agent with this adapter.</summary>
internal static class AcpOptions
{
    public static readonly AdapterOption Mode = AdapterOption.Text("mode", "a mode's id, in the agent's spelling",
        "The mode that the session is put in. Without it: inside Drover's sandbox the one in which the agent asks nothing, else the one in which it edits unasked, where it has such a mode.");

    public static readonly AdapterOption Settings = new("settings", "`id=value`, several with commas between them",
        "Further settings of the session, by the ids and values that the agent lists.", text => Pairs(text) is not null);

    public static readonly AdapterOption Delegate = AdapterOption.Word("delegate",
        "What the agent may have Drover do in its worktree instead of doing so itself: read and write `files`, run commands in `terminals`, both (`true`), or nothing (`false`). Without it: `false`.",
        "true", "files", "terminals", "false");

    public static readonly AdapterOption Steers = AdapterOption.Word("steers",
        "Whether a second prompt goes into the running turn; with some agents it aborts the turn. Without it: where the agent is known to take it up there, or `drover doctor` has seen it.", "true", "false");

    public static readonly IReadOnlyList<AdapterOption> All = [Mode, Settings, Delegate, Steers];

    /// <summary>Null when the text holds anything but pairs.</summary>
    public static IReadOnlyDictionary<string, string>? Pairs(string text)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = pair.IndexOf('=');
            if (equals <= 0 || equals == pair.Length - 1 || !pairs.TryAdd(pair[..equals].TrimEnd(), pair[(equals + 1)..].TrimStart())) return null;
        }

        return pairs;
    }

    public static bool Delegates(this LaunchRequest request, string what) => request.Options.GetValueOrDefault(Delegate.Name) is { } chosen && (chosen == "true" || chosen == what);

    /// <summary>Null when the settings say nothing of it.</summary>
    public static bool? SaysSteers(IReadOnlyDictionary<string, string> options) => options.GetValueOrDefault(Steers.Name) is { } chosen ? chosen == "true" : null;
}
