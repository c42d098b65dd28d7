using Drover.Agents.Codex;
using Drover.Agents.Gemini;
using Drover.Agents.OpenCode;
using Drover.Agents.Reading;

namespace Drover.Agents.Command;

/// <summary>The forms of output there are.</summary>
internal static class Dialects
{
    public static readonly IDialect Text = new TextDialect();

    private static readonly IDialect s_json = new LinesDialect();

    public static IReadOnlyList<IDialect> All { get; } = [Text, s_json, new ExecDialect(), new StreamDialect(), new RunDialect()];

    public static IDialect? Find(string? name) => All.FirstOrDefault(d => d.Name == name);

    public static IDialect Of(CommandState state) => Find(state.Output) ?? Text;

    /// <summary>The vendor's dialect that a recording is in, or null.</summary>
    public static IDialect? Of(Recording recording) =>
        recording.Messages(fromAgent: true).Take(100).Select(m => All.FirstOrDefault(d => d.Knows(m))).FirstOrDefault(d => d is not null);

    public static IDialect? OfAgent(string name) => All.FirstOrDefault(d => d.Agent == name);

    /// <summary>For a recording that is in no vendor's dialect.</summary>
    public static IDialect Plain(Recording recording) => recording.Messages(fromAgent: true).Any() ? s_json : Text;
}
