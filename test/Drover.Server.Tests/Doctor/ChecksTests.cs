using Drover.Core;
using Drover.Node.Repositories;
using Drover.Node.Sandboxing;
using Drover.Server.Config;
using Drover.Server.Doctor;
using Drover.Server.Tests.Config;
using Xunit;

namespace Drover.Server.Tests.Doctor;

public sealed class ChecksTests
{
    private const string Meminfo = "MemTotal:       24000000 kB\nMemFree:         1 kB\nMemAvailable:   20000000 kB\n";

    [Fact]
    public void A_good_machine_is_described()
    {
        var findings = MachineCheck.Judge(8, Meminfo, "128\n", "65536\n").ToArray();

        Assert.All(findings, f => Assert.Equal(Grade.Ok, f.Grade));
        Assert.Equal("8 core(s), 22.9 GiB of memory, 19.1 GiB of it free", findings[0].Text);
    }

    [Theory]
    [InlineData("MemAvailable: 500000 kB", "128", "65536", "machine")]
    [InlineData(Meminfo, "16", "65536", "inotify")]
    [InlineData(Meminfo, "128", "100", "inotify")]
    public void What_is_scarce_is_a_warning_with_advice(string meminfo, string instances, string watches, string about)
    {
        var warning = Assert.Single(MachineCheck.Judge(8, meminfo, instances, watches), f => f.Grade == Grade.Warn);

        Assert.Equal(about, warning.About);
        Assert.NotNull(warning.Advice);
    }

    [Fact]
    public void A_kernel_that_tells_nothing_breaks_nothing() => Assert.All(MachineCheck.Judge(1, "", "", ""), f => Assert.Equal(Grade.Ok, f.Grade));

    [Fact]
    public void A_git_that_cannot_be_used_fails_with_the_command_that_installs_one()
    {
        var finding = ToolsCheck.Judge(new GitProbe.Unfit("git 2.30 is too old", "apt install git"));

        Assert.Equal((Grade.Fail, "git 2.30 is too old", "apt install git"), (finding.Grade, finding.Text, finding.Advice));
    }

    [Theory]
    [InlineData(SandboxMode.Auto, "Warn")]
    [InlineData(SandboxMode.Required, "Fail")]
    public void A_sandbox_that_does_not_work_is_as_bad_as_the_project_needs_it(SandboxMode mode, string grade)
    {
        var findings = ToolsCheck.Judge(new SandboxProbe.Fails("bwrap is not installed", "apt install bubblewrap"), mode).ToArray();

        Assert.Equal((grade, "apt install bubblewrap"), (findings[0].Grade.ToString(), findings[0].Advice));
        Assert.Contains("scan", findings[1].Text);
    }

    [Fact]
    public void A_sandbox_that_works_names_the_containment_it_gives()
    {
        var findings = ToolsCheck.Judge(new SandboxProbe.Works("/usr/bin/bwrap", "bubblewrap 0.8.0"), SandboxMode.Auto).ToArray();

        Assert.All(findings, f => Assert.Equal(Grade.Ok, f.Grade));
        Assert.Contains("pid_namespace", findings[1].Text);
    }

    [Fact]
    public void An_agent_whose_program_is_not_there_fails_and_one_whose_program_is_does_not()
    {
        var project = Reading.Good("agents:\n  a: { adapter: acp, command: [there] }\n  b: { adapter: acp, command: [missing] }\n  c: { adapter: acp }\n  d: { adapter: stream }\n");
        var machine = MachineConfig.Default with { Agents = new Dictionary<string, IReadOnlyList<string>> { ["stream"] = ["/no/such/program"] } };

        var findings = AgentsCheck.Look(project, machine, p => p == "there" ? "/usr/bin/there" : null).ToArray();

        Assert.Equal([Grade.Ok, Grade.Fail, Grade.Fail, Grade.Fail], findings.Select(f => f.Grade));
        Assert.Equal("a: acp, /usr/bin/there", findings[0].Text);
        Assert.Equal("b: there is no program missing", findings[1].Text);
        Assert.Contains("agents.c.command in drover.yaml", findings[2].Advice);
        Assert.Equal("d: there is no program /no/such/program", findings[3].Text);
    }
}
