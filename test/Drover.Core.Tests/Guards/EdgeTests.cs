using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Drover.Core.Tests.Guards;

/// <summary>Who may know whom. The picture is in ARCHITECTURE.md.</summary>
public sealed partial class EdgeTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Drover.Core"] = [],
        ["Drover.Agents"] = ["Drover.Core"],
        ["Drover.Node"] = ["Drover.Core"],
        ["Drover.Api"] = [],
        ["Drover.Server"] = ["Drover.Agents", "Drover.Node", "Drover.Api"],
        ["Drover.Cli"] = ["Drover.Api"],
        ["Drover.Rehearsal"] = [],
    };

    [Fact, Trait("row", "A110")]
    public void No_project_refers_to_another_but_over_the_edges_of_the_architecture()
    {
        var actual = Source.Files("src", "*.csproj").SelectMany(file => References(file, "ProjectReference")
            .Select(r => (From: Path.GetFileNameWithoutExtension(file), To: Path.GetFileNameWithoutExtension(r))));

        Assert.Equal(Allowed.SelectMany(a => a.Value.Select(to => (a.Key, to))).Order(), actual.Order());
    }

    [Fact]
    public void No_source_file_speaks_of_a_project_that_its_own_may_not_know()
    {
        var wrong = from file in Source.Files("src", "*.cs")
                    let project = Source.Relative(file).Split('/')[1]
                    let known = Reachable(project).Append(project).ToHashSet()
                    from line in File.ReadLines(file).Select((text, i) => (text, Number: i + 1))
                    from Match match in ProjectName().Matches(line.text)
                    where Allowed.ContainsKey(match.Value) && !known.Contains(match.Value) && !IsFileName(line.text, match)
                    select $"{Source.Relative(file)}:{line.Number}: {project} may not know {match.Value}";

        Source.None(wrong);
    }

    [Fact]
    public void Every_source_file_stands_in_the_namespace_of_its_project()
    {
        var wrong = from file in Source.Files("src", "*.cs")
                    let project = Source.Relative(file).Split('/')[1]
                    let declared = Namespace().Match(File.ReadAllText(file))
                    where declared.Success ? !$"{declared.Groups[1].Value}.".StartsWith($"{project}.", StringComparison.Ordinal) : Path.GetFileName(file) is not ("Program.cs" or "AssemblyInfo.cs" or "GlobalUsings.cs")
                    select Source.Relative(file);

        Source.None(wrong);
    }

    [Fact]
    public void Every_package_has_its_sentence_in_the_architecture_page()
    {
        var page = File.ReadAllText(Source.At("ARCHITECTURE.md"));
        var packages = XDocument.Load(Source.At("Directory.Packages.props")).Descendants("PackageVersion").Select(p => p.Attribute("Include")!.Value);

        Source.None(packages.Where(p => !page.Contains($"`{p}`", StringComparison.Ordinal)).Select(p => $"ARCHITECTURE.md does not say why {p} is here"));
    }

    [Fact, Trait("row", "A110")]
    public void The_core_has_no_packages() => Assert.Empty(References(Source.At("src", "Drover.Core", "Drover.Core.csproj"), "PackageReference"));

    private static IEnumerable<string> References(string project, string kind) => XDocument.Load(project).Descendants(kind).Select(r => r.Attribute("Include")!.Value.Replace('\\', '/'));

    private static IEnumerable<string> Reachable(string project) => Allowed.GetValueOrDefault(project, []).SelectMany(p => Reachable(p).Prepend(p));

    /// <summary>A program found by its file's name is no edge.</summary>
    private static bool IsFileName(string line, Match match) => line[(match.Index + match.Length)..] is var rest && (rest.StartsWith(".dll") || rest.StartsWith(".csproj") || rest.StartsWith('/') || rest.StartsWith('"'));

    [GeneratedRegex(@"\bDrover\.[A-Z][A-Za-z]+\b")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"^namespace ([A-Za-z0-9_.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
