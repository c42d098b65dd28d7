using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Drover.Rehearsal.Scripts;

/// <summary>Reads a script's YAML. Throws <see cref="ScriptException"/> for all that is wrong in it.</summary>
internal static class ScriptReader
{
    private static readonly Turn NothingLeft = Turn.Of([new Step.Say("There is nothing left to do in this script.", Pace.AtOnce)]);

    public static Script Read(string file, TextReader yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(yaml);
        }
        catch (YamlException e)
        {
            throw new ScriptException(file, e.Start.Line, e.Start.Column, e.Message);
        }

        if (stream.Documents.Count != 1) throw new ScriptException(file, 1, 1, "a script is one YAML document with steps, turns or rules");

        var root = new Place(file, stream.Documents[0].RootNode);
        var fields = root.Fields("a script", "steps", "turns", "default", "rules");
        var otherwise = ReadPart(root, fields);
        var rules = fields.TryGetValue("rules", out var list) ? list.Items("rules").Select(item => ReadRule(item, otherwise.Default)) : [];
        return new Script([.. rules], otherwise);
    }

    private static Rule ReadRule(Place place, Turn fallback)
    {
        var fields = place.Fields("a rule", "when", "steps", "turns", "default");
        if (!fields.TryGetValue("when", out var when)) throw place.Wrong("a rule needs 'when', the text that the first prompt contains");
        var part = ReadPart(place, fields);
        return new Rule(when.Text("when"), fields.ContainsKey("default") ? part : part with { Default = fallback });
    }

    private static Part ReadPart(Place place, Dictionary<string, Place> fields)
    {
        var turns = new List<Turn>();
        var answers = new List<Answer>();
        if (fields.TryGetValue("steps", out var steps)) turns.Add(ReadTurn(steps));
        if (fields.TryGetValue("turns", out var list))
        {
            if (turns.Count > 0) throw place.Wrong("give either steps (one turn) or turns, not both");
            foreach (var item in list.Items("turns"))
            {
                if (item.Node is YamlSequenceNode) turns.Add(ReadTurn(item));
                else ReadNamedTurn(item, turns, answers);
            }
        }

        var last = fields.TryGetValue("default", out var given) ? ReadTurn(given) : NothingLeft;
        return new Part(turns, answers, last);
    }

    private static void ReadNamedTurn(Place place, List<Turn> turns, List<Answer> answers)
    {
        var fields = place.Fields("a turn", "when", "steps");
        if (!fields.TryGetValue("steps", out var steps)) throw place.Wrong("a turn is a list of steps, or a mapping with steps and perhaps when");
        var turn = ReadTurn(steps);
        if (fields.TryGetValue("when", out var when)) answers.Add(new Answer(when.Text("when"), turn));
        else turns.Add(turn);
    }

    private static Turn ReadTurn(Place place) => Turn.Of(StepReader.ReadAll(place));
}
