using Xunit;
using System.Text;
using Drover.Server.Config;

namespace Drover.Server.Tests.Config;

public sealed class MachineFileTests
{
    [Fact]
    public void An_empty_file_holds_the_defaults() => Assert.Same(MachineConfig.Default, Read("# nothing\n").Value);

    [Fact]
    public void Every_key_is_read()
    {
        var config = Read("agents: { acp: [/opt/agent, --acp] }\nruns: 12\nstarting: 3\nhomes: ~/homes\nport: 0\ndisk_floor: 2GiB\n").Value!;

        Assert.Equal(["/opt/agent", "--acp"], config.Agents["acp"]);
        Assert.Equal((12, 3, "~/homes", 0, 2L << 30), (config.Runs, config.Starting, config.Homes, config.Port, config.DiskFloor));
    }

    [Theory]
    [InlineData("port: 70000", "config.yaml:1:7: port: '70000' is not a whole number from 0 to 65535")]
    [InlineData("agents: { ac: [x] }", "config.yaml:1:11: agents.ac: 'ac' is not known; did you mean 'acp'? allowed: stream, acp")]
    [InlineData("disk_flor: 1GB", "config.yaml:1:1: disk_flor: unknown key; did you mean 'disk_floor'? allowed: agents, runs, starting, homes, port, disk_floor, prices")]
    public void A_bad_line_is_refused_where_it_stands(string yaml, string expected) => Assert.Equal(expected, Assert.Single(Read(yaml).Problems).ToString());

    private static ConfigRead<MachineConfig> Read(string yaml) => ConfigFile.ReadMachine(Encoding.UTF8.GetBytes(yaml), "config.yaml", Reading.Adapters);
}
