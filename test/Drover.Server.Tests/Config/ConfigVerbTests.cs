using System.Text.Json;
using Drover.Api;
using Drover.Server.Config;
using Drover.Server.Verbs;
using Xunit;

namespace Drover.Server.Tests.Config;

public sealed class ConfigVerbTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("drover-check-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_right_file_is_told_in_one_line()
    {
        File.WriteAllText(Path.Combine(_root, "drover.yaml"), "agents: { coder: { adapter: acp, command: [x], count: 2 } }\n");

        Assert.Equal(ExitCodes.Done, Check());

        Assert.Equal("drover.yaml is right: 2 agent(s), 0 gate(s), merge: on-approval, land: merge\n", _output.ToString());
    }

    [Fact]
    public void What_is_wrong_is_listed_a_line_each_and_the_exit_code_says_so()
    {
        File.WriteAllText(Path.Combine(_root, "drover.yaml"), "agent: {}\nmerge: x\n");

        Assert.Equal(ExitCodes.Failed, Check());

        var lines = _output.ToString().TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains(lines, l => l.StartsWith("drover.yaml:1:1: agent: unknown key; did you mean 'agents'?", StringComparison.Ordinal));
    }

    [Fact]
    public void A_named_file_is_found_from_where_the_user_stands_and_scripts_get_its_problems_as_JSON()
    {
        Directory.CreateDirectory(Path.Combine(_root, "sub"));
        File.WriteAllText(Path.Combine(_root, "other.yaml"), "- 1\n");

        Assert.Equal(ExitCodes.Failed, ConfigVerb.Check(["../other.yaml", "--json"], Io(Path.Combine(_root, "sub"))));

        using var answer = JsonDocument.Parse(_output.ToString());
        var problem = answer.RootElement.GetProperty("problems")[0];
        Assert.Equal((1, 1, "takes a mapping, not a list"), (problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32(), problem.GetProperty("text").GetString()));
    }

    [Fact]
    public void Without_a_file_the_next_step_is_named()
    {
        Assert.Equal(ExitCodes.Failed, Check());

        Assert.Contains("drover.yaml: drover init writes one", _errors.ToString());
    }

    [Fact]
    public void The_machines_settings_are_checked_on_request()
    {
        Directory.CreateDirectory(Path.Combine(_root, "home"));
        File.WriteAllText(Path.Combine(_root, "home", "config.yaml"), "port: x\n");

        Assert.Equal(ExitCodes.Failed, Check("--machine"));

        Assert.Contains("config.yaml:1:7: port: 'x' is not a whole number", _output.ToString());
    }

    private int Check(params string[] args) => ConfigVerb.Check(args, Io(_root));

    private VerbIo Io(string directory) => new(directory, DroverHome.At(Path.Combine(_root, "home")), _output, _errors);
}
