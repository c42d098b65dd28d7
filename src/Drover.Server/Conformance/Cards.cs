using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Drover.Api;
using Drover.Core;
using Drover.Server.Files;

namespace Drover.Server.Conformance;

/// <summary>The capability cards of this machine: one file for each program and version, whole or not there. They are files and no rows since doctor also works before there is
/// a journal and while a server has it open, and since they are facts of the machine's programs, which no backup of the journal should bring back.</summary>
internal sealed class Cards(DroverHome home)
{
    private readonly string _directory = Path.Combine(home.Path, "cards");

    /// <summary>Those that can be read, the newest first.</summary>
    public IReadOnlyList<CardJson> All() => !Directory.Exists(_directory) ? []
        : [.. Directory.EnumerateFiles(_directory, "*.json").Select(TryRead).OfType<CardJson>().OrderByDescending(c => c.ProvenAt)];

    /// <summary>Keeps the card in the place of an earlier one of the same program and version.</summary>
    public void Keep(CardJson card) => WholeFile.Write(PathOf(card), JsonSerializer.SerializeToUtf8Bytes(card, ApiJson.Default.CardJson));

    /// <summary>What is proven of a command, as the program is now.</summary>
    public Proof Of(string adapter, IReadOnlyList<string> command)
    {
        var cards = All().Where(c => c.Adapter == adapter && c.Command.SequenceEqual(command)).ToList();
        if (cards.Count == 0) return new Proof.None();
        var mark = ProgramMark.Of(command);
        if (cards.Find(c => c.Mark == mark) is not { } card) return new Proof.Stale(cards[0], $"the program has changed since version {cards[0].Version} was proven");
        return card.Kit == Kit.Number ? new Proof.Fresh(card) : new Proof.Stale(card, "doctor has learnt to try more since");
    }

    private string PathOf(CardJson card)
    {
        var program = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', card.Command))))[..8];
        return Path.Combine(_directory, $"{Plain(card.Adapter)}-{Plain(card.Name)}-{Plain(card.Version)}-{program}.json");
    }

    /// <summary>Names and versions come from outside.</summary>
    private static string Plain(string text) =>
        string.Concat(text.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '_' ? c : '_')).TrimStart('.');

    /// <summary>A member that a file lacks is null whatever its type says, and another Drover may know other words.</summary>
    private static bool IsWhole(CardJson card) =>
        card is { Name: not null, Adapter: not null, Command: { Count: > 0 }, Version: not null, Mark: not null, Isolation: not null, Steps: not null }
        && card.Steps.All(s => s is { Step: { } step, Result: { } result, Evidence: not null } && Words.TryParse<KitStep>(step) is not null && Words.TryParse<StepOutcome>(result) is not null);

    private static CardJson? TryRead(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), ApiJson.Default.CardJson) is { } card && IsWhole(card) ? card : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // A card that cannot be read proves nothing; doctor writes another.
            return null;
        }
    }
}
