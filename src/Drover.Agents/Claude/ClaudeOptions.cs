namespace Drover.Agents.Claude;

/// <summary>The settings under <c>options:</c> of an agent with this adapter.</summary>
internal static class ClaudeOptions
{
    /// <summary>Those that are an argument of their own.</summary>
    public static readonly IReadOnlyList<(AdapterOption Option, string Argument)> Arguments =
    [
        (AdapterOption.Whole("max_turns", 1, 100_000, "Ends a turn after so many answers of the model; the turn has then failed with class `max_turns`."), "--max-turns"),
        (AdapterOption.Dollars("max_budget_usd", "Ends a turn when the process has spent so much; the turn has then failed with class `budget`."), "--max-budget-usd"),
        (AdapterOption.Text("fallback_model", "a model's name, or several with commas", "The model that answers when the chosen one is overloaded."), "--fallback-model"),
        (AdapterOption.Word("effort", "How much the model thinks.", "low", "medium", "high", "xhigh", "max"), "--effort"),
    ];

    public static readonly AdapterOption Mode = AdapterOption.Word("permission_mode",
        "Which tools are used without asking. Without it: `bypassPermissions` inside Drover's sandbox, else `acceptEdits`. Not heeded where `approvals` has the questions come to Drover.",
        "default", "acceptEdits", "plan", "dontAsk", "bypassPermissions", "auto");

    public static readonly IReadOnlyList<AdapterOption> All = [Mode, .. Arguments.Select(a => a.Option)];
}
