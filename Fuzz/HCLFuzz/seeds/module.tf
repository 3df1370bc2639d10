variable "x" { default = ["a", 1.5e3, true, null] }
locals {
  a = local.b
  b = { for k, v in var.x : k => v... if v != "" }
}
resource "aws_x" "y" {
  for_each = toset([for k, v in var.x : "${k}-${~ v ~}"])
  b = <<-EOT
    %{ for s in var.x ~}
    x ${s} $${no}
    %{ endfor ~}
  EOT
  c = x.y[*].z.0.w ? -max(1, local.a...) : {"a" = (1 + 2) * 3}["a"]
  dynamic "d" {
    for_each = var.x
    content { e = d.value }
  }
}
