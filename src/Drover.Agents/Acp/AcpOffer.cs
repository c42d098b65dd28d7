using System.Text.Json;
using Drover.Agents.Wire;

namespace Drover.Agents.Acp;

/// <summary>What an agent lets its client choose for a conversation, as it says when one is opened.</summary>
/// <param name="Models">The older list of models beside the options; empty when there is none.</param>
internal sealed record AcpOffer(
    IReadOnlyList<string> Models, string? CurrentModel, IReadOnlyList<string> Modes, string? CurrentMode, IReadOnlyList<AcpOption> Options)
{
    public AcpOption? ModelOption => Options.FirstOrDefault(o => o.Category == "model" || o.Id == "model");

    public AcpOption? ModeOption => Options.FirstOrDefault(o => o.Category == "mode" || o.Id == "mode");

    /// <param name="opened">The answer to session/new, session/load or session/resume.</param>
    public static AcpOffer Of(JsonElement opened)
    {
        IReadOnlyList<AcpOption> options = [.. opened.Items("configOptions").Select(AcpOption.Of).OfType<AcpOption>()];
        var offer = new AcpOffer(
            Words(opened.Items("models", "availableModels"), "modelId"), opened.Text("models", "currentModelId"),
            Words(opened.Items("modes", "availableModes"), "id"), opened.Text("modes", "currentModeId"), options);
        return offer with { CurrentModel = offer.CurrentModel ?? offer.ModelOption?.Current };
    }

    private static IReadOnlyList<string> Words(IEnumerable<JsonElement> items, string member) => [.. items.Select(i => i.Text(member)).OfType<string>()];
}

/// <param name="Values">What it may be set to; empty when the agent lists nothing.</param>
internal sealed record AcpOption(string Id, string? Category, string? Current, IReadOnlyList<string> Values)
{
    public static AcpOption? Of(JsonElement option) => option.Text("id") is { } id
        ? new(id, option.Text("category"), option.Text("currentValue"),
            [.. option.Items("options").SelectMany(v => v.At("options").ValueKind == JsonValueKind.Array ? v.Items("options") : [v]).Select(v => v.Text("value")).OfType<string>()])
        : null;
}
